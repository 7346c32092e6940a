package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.bolide.testkit.ComponentJar;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toList;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** A base beside the installation: what is put there runs, what is removed is gone, also while the broker is down. */
class DeployIT {
    @TempDir
    static Path directory;
    private static Path installation;

    private Path base;

    @BeforeAll
    static void unpack() throws Exception {
        installation = Archive.unpack(directory);
    }

    @BeforeEach
    void makeBase() throws IOException {
        base = Files.createTempDirectory(directory, "a base ");
        Files.createDirectories(base.resolve("etc"));
        Files.createDirectories(base.resolve("deploy"));
    }

    @Test
    void shouldStartQuietlyStopCleanlyAndLeaveTheInstallationAlone() throws Exception {
        Map<Path, FileTime> before = times(installation);
        put("one", "1.0.0");
        configure("one", "first");
        try (Running broker = start()) {
            broker.awaitLines(1, "UP one 1.0.0 first");
            awaitFeaturesService();
            assertEquals(0, broker.terminate());
            assertEquals(List.of(), broker.lines("Z (ERROR|WARN) |Exception"));
            assertEquals("", broker.output());
        }
        assertEquals(before, times(installation));
        assertEquals(1, lines(base.resolve("log/bolide.log"), "UP one").size(), "the log file has it too");
    }

    @Test
    void shouldFollowItsFoldersWhileItRuns() throws Exception {
        try (Running broker = start()) {
            put("one", "1.0.0");
            configure("one", "first");
            broker.awaitLines(1, "UP one 1.0.0 first");
            configure("one", "second");
            broker.awaitLines(1, "CHANGED to second");
            put("one", "2.0.0");
            broker.awaitLines(1, "UP one 2.0.0 second");
            Files.delete(base.resolve("etc/one.cfg"));
            broker.awaitLines(1, "DOWN one 2.0.0");
            Files.writeString(base.resolve("etc/one~a.cfg.json"), "{ \"text\": \"typed\" }");
            broker.awaitLines(1, "UP one 2.0.0 typed");
            Files.delete(base.resolve("deploy/one.jar"));
            broker.awaitLines(2, "DOWN one 2.0.0");
        }
    }

    @Test
    void shouldForgetWhatWasRemovedWhileItWasDown() throws Exception {
        for (String name : List.of("jargoes", "cfggoes", "stays")) {
            put(name, "1.0.0");
            configure(name, "first");
        }
        try (Running broker = start()) {
            broker.awaitLines(3, "UP .* first");
            assertEquals(0, broker.terminate());
        }
        Files.delete(base.resolve("deploy/jargoes.jar"));
        Files.delete(base.resolve("etc/cfggoes.cfg"));
        configure("stays", "second");
        try (Running broker = start()) {
            broker.awaitLines(1, "UP stays 1.0.0 second");
            put("one", "1.0.0");
            configure("one", "later");
            broker.awaitLines(1, "UP one 1.0.0 later");
            assertEquals(2, broker.lines(" UP ").size(), () -> "only these two: " + broker.lines(" UP "));
        }
    }

    @Test
    void shouldStartAgainAfterItWasKilled() throws Exception {
        put("one", "1.0.0");
        configure("one", "first");
        try (Running broker = start()) {
            broker.awaitLines(1, "UP one 1.0.0 first");
            broker.kill();
        }
        put("one", "2.0.0");
        try (Running broker = start()) {
            broker.awaitLines(1, "UP one 2.0.0 first");
            assertEquals(List.of(), broker.lines("UP one 1.0.0"), "nothing of the jar that was replaced meanwhile");
        }
    }

    private Running start() throws IOException {
        return Running.start(base, Map.of(), installation.resolve("bin/karaf").toString(), "daemon");
    }

    private void put(String name, String version) throws IOException {
        ComponentJar.write(base.resolve("deploy/" + name + ".jar"), Probe.class, name, version);
    }

    private void configure(String name, String text) throws IOException {
        Files.writeString(base.resolve("etc/" + name + ".cfg"), "text = " + text + "\n");
    }

    /** Karaf complains when it is stopped while it still reads its features, seconds after the first start of a base. */
    private void awaitFeaturesService() {
        await("the features service is ready").atMost(30, SECONDS).until(() -> {
            try (Stream<Path> files = Files.find(base.resolve("data/cache"), 3, (file, type) -> file.endsWith("data/state.json"))) {
                for (Path file : files.collect(toList())) {
                    if (Files.readString(file).contains("\"bootDone\":true")) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    private static List<String> lines(Path file, String part) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> line.contains(part)).collect(toList());
    }

    private static Map<Path, FileTime> times(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            TreeMap<Path, FileTime> times = new TreeMap<>();
            for (Path file : files.collect(toList())) {
                times.put(file, Files.getLastModifiedTime(file));
            }
            return times;
        }
    }
}
