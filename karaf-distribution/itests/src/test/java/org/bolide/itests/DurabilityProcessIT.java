package org.bolide.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What was acknowledged is there, whatever happens to the process. */
class DurabilityProcessIT {

    @TempDir
    Path directory;

    private static String ivoid(int number) {
        return "ivo://test.author/durable#" + number;
    }

    @Test
    void shouldResumeAfterARestartWithoutRepeatingAnEvent() throws Exception {
        Path printed = directory.resolve("printed");
        String[] options = {"--cmd=sh -c 'echo $BOLIDE_IVOID >> \"" + printed + "\"'"};
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth(options);
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(1)).bytes());
            await().until(() -> Files.exists(printed) && Files.readAllLines(printed).size() == 1);
            assertEquals(0, broker.terminate());
            broker.startBoth();
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(2)).bytes());
            assertEquals(0, broker.terminate());
            broker.startBoth(options);
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(3)).bytes());
            await().until(() -> Files.readAllLines(printed).size() >= 3);
            assertEquals(List.of(ivoid(1), ivoid(2), ivoid(3)), Files.readAllLines(printed));
        }
    }
}
