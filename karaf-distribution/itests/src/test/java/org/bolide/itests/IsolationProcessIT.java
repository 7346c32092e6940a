package org.bolide.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A handler that does not get on holds up nobody else. */
class IsolationProcessIT {
    private static final int EVENTS = 20;

    @TempDir
    Path directory;

    @Test
    void shouldServeEverybodyElseWhileACommandHangs() throws Exception {
        Path saved = directory.resolve("saved");
        Path goOn = directory.resolve("go on");
        Path ran = directory.resolve("ran");
        List<String> ivoids = IntStream.rangeClosed(1, EVENTS).mapToObj(number -> "ivo://test.author/isolation#" + number).toList();
        try (Broker broker = new Broker(directory).startBoth("--save-event", "--save-event-directory=" + saved,
                "--cmd=sh -c 'until [ -e \"" + goOn + "\" ]; do sleep 0.1; done; echo $BOLIDE_IVOID >> \"" + ran + "\"'");
                VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            for (String ivoid : ivoids) {
                String answer = RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid).bytes());
                assertTrue(answer.contains("role=\"ack\""), answer);
            }
            for (String ivoid : ivoids) {
                assertArrayEquals(SampleEvents.event(ivoid).bytes(), subscriber.takeEvent());
            }
            await("all saved").atMost(20, SECONDS).until(() -> Files.isDirectory(saved) && count(saved) == EVENTS);
            assertFalse(Files.exists(ran), "the command hangs still");
            Files.createFile(goOn);
            await("the command catches up").atMost(20, SECONDS).until(() -> Files.exists(ran) && Files.readAllLines(ran).size() == EVENTS);
            assertEquals(ivoids, Files.readAllLines(ran));
        }
    }

    private static long count(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("ivo_")).count();
        }
    }
}
