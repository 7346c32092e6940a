package org.bolide.transport;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.testkit.MemoryBroker;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HealthTest {

    private static final Instance INSTANCE = new Instance("receiver.public", "etc/r.cfg.json");

    private static ReceiverConfig config(int port) {
        return Configs.of(ReceiverConfig.class, Map.of("port", port, "address", "127.0.0.1"));
    }

    @Test
    void shouldSayThatChangedSettingsAreNotInForceUntilTheyAre() throws Exception {
        try (Node node = new Node(Ivoid.parse("ivo://test.broker/local"), new Languages()); MemoryBroker broker = new MemoryBroker();
                Receiver receiver = new Receiver(INSTANCE, config(0), node, broker); ServerSocket taken = new ServerSocket(0)) {
            int port = receiver.port();
            IOException why = assertThrows(IOException.class, () -> receiver.modify(config(taken.getLocalPort())));
            assertNull(why.getCause(), "the reason that is shown would be the cause's");
            receiver.health().refused(why);
            Problem problem = receiver.health().problems().get(0);
            assertEquals(Weight.WARNING, problem.weight());
            assertTrue(problem.text().contains("etc/r.cfg.json") && problem.text().contains("Port " + taken.getLocalPort()), problem.text());
            assertEquals("127.0.0.1:" + port, receiver.connections().endpoint().address());
            receiver.health().taken();
            assertEquals(List.of(), receiver.health().problems());
        }
    }
}
