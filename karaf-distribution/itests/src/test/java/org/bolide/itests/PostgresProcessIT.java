package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.bolide.testkit.PostgresServer;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The broker with its event log on a PostgreSQL server, configured as the manual says. */
class PostgresProcessIT {

    @TempDir
    Path directory;

    @Test
    void shouldKeepItsEventsOnTheServerThroughAKillAndACrashOfTheServer() throws Exception {
        try (PostgresServer server = new PostgresServer(); Broker broker = configured("first", server)) {
            Path seen = directory.resolve("seen");
            String handler = "--cmd=sh -c 'echo $BOLIDE_IVOID >>\"" + seen + "\"'";
            broker.startBoth(handler);
            submit(broker, 1, "role=\"ack\"");

            broker.kill();
            broker.startBoth();
            submit(broker, 1, "duplicate");
            submit(broker, 2, "role=\"ack\"");
            assertEquals(0, broker.terminate());

            broker.startBoth(handler);
            try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
                server.stop();
                assertTrue(closesWithoutReceipt(broker, 3), "an event that cannot be stored gets no receipt");
                server.start();
                await().atMost(60, TimeUnit.SECONDS).until(() -> !closesWithoutReceipt(broker, 3));
                assertArrayEquals(event(3), subscriber.takeEvent());
            }
            await().atMost(60, TimeUnit.SECONDS).until(() -> lines(seen).equals(Set.of(ivoid(1), ivoid(2), ivoid(3))));
            assertFalse(Files.exists(broker.base.resolve("eventlog/events.sqlite")), "nothing is in SQLite");
            assertEquals(0, broker.terminate());
        }
    }

    @Test
    void shouldRefuseADatabaseThatAnotherBrokerHasAndAWrongPassword() throws Exception {
        try (PostgresServer server = new PostgresServer(); Broker first = configured("first", server).startBoth()) {
            Product.Result second = run(configured("second", server));
            assertEquals(1, second.exit(), second.toString());
            assertTrue(second.err().contains("another broker"), second.err());
            assertFalse(second.err().contains(server.password()), "no password in the log");

            Broker third = configured("third", server);
            write(third, server, "wrong");
            Product.Result refused = run(third);
            assertEquals(1, refused.exit(), refused.toString());
            assertTrue(refused.err().contains("password"), refused.err());
            assertTrue(first.isAlive());
        }
    }

    private Broker configured(String name, PostgresServer server) throws IOException {
        Broker broker = new Broker(directory.resolve(name));
        write(broker, server, server.password());
        return broker;
    }

    private static void write(Broker broker, PostgresServer server, String password) throws IOException {
        Files.writeString(Files.createDirectories(broker.base.resolve("etc")).resolve("org.bolide.eventstore.cfg"), """
                databaseUrl = %s
                databaseUser = %s
                databasePassword = %s
                """.formatted(server.url("postgres"), PostgresServer.USER, password));
    }

    private Product.Result run(Broker broker) throws Exception {
        return Product.run(directory, "bolide", "--base=" + broker.base, "--remote=localhost:" + Product.freePort());
    }

    private static String ivoid(int number) {
        return "ivo://test.author/postgres#" + number;
    }

    private static byte[] event(int number) {
        return SampleEvents.event(ivoid(number)).bytes();
    }

    private static void submit(Broker broker, int number, String expected) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, event(number));
        assertTrue(answer.contains(expected), answer);
    }

    private static boolean closesWithoutReceipt(Broker broker, int number) throws IOException {
        try (VtpPeer author = VtpPeer.connect(broker.receivePort)) {
            author.send(event(number));
            return author.closes();
        }
    }

    private static Set<String> lines(Path file) throws IOException {
        return Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : Set.of();
    }
}
