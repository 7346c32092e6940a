package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A release is unpacked beside the one before, on the same base, and back again. */
class UpgradeProcessIT {

    @TempDir
    Path directory;

    @Test
    void shouldGoOnWithWhatTheReleaseBeforeLeft() throws Exception {
        Path before = Archive.unpack(directory.resolve("before"));
        Path after = Archive.unpack(directory.resolve("after"));
        try (Broker broker = new Broker(directory)) {
            Path etc = Files.createDirectories(broker.base.resolve("etc"));
            Files.writeString(etc.resolve("org.bolide.handler.saveevent~all.cfg.json"), "{ \"directory\": \"saved\" }");
            broker.of(before).startBoth();
            submit(broker, 1, "role=\"ack\"");
            await().until(() -> saved(broker).size() == 1);
            assertEquals(0, broker.terminate());

            broker.of(after).startBoth();
            submit(broker, 1, "duplicate: ");
            try (VtpPeer subscriber = VtpPeer.connect(broker.broadcastPort)) {
                subscriber.readText();
                subscriber.ask("replay-from", "1");
                String told = subscriber.readText();
                assertTrue(told.contains("<Result>"), told);
                assertEquals(new String(event(1)), subscriber.readText());
            }
            submit(broker, 2, "role=\"ack\"");
            await().until(() -> saved(broker).size() == 2);
            assertEquals(0, broker.terminate());
            assertTrue(broker.log("handler save-event.*reads on after sequence 1").size() == 1, broker.log("save-event").toString());
            assertEquals(List.of(), broker.log(" (WARN|ERROR) "));
        }
    }

    @Test
    void shouldRefuseTheLogOfANewerRelease() throws Exception {
        try (Broker broker = new Broker(directory)) {
            broker.startBoth();
            submit(broker, 1, "role=\"ack\"");
            assertEquals(0, broker.terminate());
            Path file;
            try (Stream<Path> files = Files.walk(broker.base.resolve("eventlog"))) {
                file = files.filter(path -> path.toString().endsWith(".sqlite")).findFirst().orElseThrow();
            }
            change(file, "insert into schema_version (version, installed_at) values (999, '2999-01-01')");
            broker.start("--receive", "--local-ivo=" + Broker.IVOID, "--receive-port=" + broker.receivePort);
            String line = broker.awaitLog("newer broker");
            assertTrue(line.contains("schema 999") && line.contains("Start the newer broker again"), line);
            await().until(() -> !broker.isAlive());
            assertNotEquals(0, broker.terminate());
            change(file, "delete from schema_version where version = 999");
            broker.startBoth();
            submit(broker, 1, "duplicate: ");
        }
    }

    private static void change(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static byte[] event(int number) {
        return SampleEvents.event("ivo://test.author/upgrade#" + number).bytes();
    }

    private static void submit(Broker broker, int number, String expected) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, event(number));
        assertTrue(answer.contains(expected), answer);
    }

    private static List<Path> saved(Broker broker) throws IOException {
        Path saved = broker.base.resolve("saved");
        if (!Files.isDirectory(saved)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(saved)) {
            return files.filter(file -> file.toString().endsWith(".xml")).toList();
        }
    }
}
