package org.bolide.handler.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Outcome;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class ExecTest {

    private static final BrokerEvent EVENT = TestEvent.of(42, "ivo://example.org/a#1", "<event/>");

    @TempDir
    Path folder;

    @Test
    void shouldHandOverTheBytesAsTheyAre() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);

        Outcome outcome = exec("sh -c 'cat >received'").handle(event(bytes));

        assertEquals(Outcome.DONE, outcome);
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("received")));
    }

    @Test
    void shouldTellTheEventInTheEnvironment() throws Exception {
        exec("sh -c 'echo \"$BOLIDE_IVOID $BOLIDE_ROLE $BOLIDE_SEQUENCE\" >told'").handle(EVENT);

        assertEquals("ivo://example.org/a#1 test 42\n", Files.readString(folder.resolve("told")));
    }

    @Test
    void shouldLeaveOutOfTheEnvironmentWhatIsMissingOrTooLongForIt() throws Exception {
        Exec exec = exec("sh -c 'echo \"${BOLIDE_IVOID-none}\" >>told'");

        assertEquals(Outcome.DONE, exec.handle(TestEvent.of(1, TestEvent.header(Optional.empty()), new byte[0])));
        assertEquals(Outcome.DONE, exec.handle(TestEvent.of(2, "x".repeat(1_000_000), "")));

        assertEquals("none\nnone\n", Files.readString(folder.resolve("told")));
    }

    @Test
    void shouldRunWithoutAShell() throws Exception {
        script("words", "printf '%s\\n' \"$@\" >words.txt");

        exec("./words 'two words' $HOME * | cat > file").handle(EVENT);

        assertEquals(List.of("two words", "$HOME", "*", "|", "cat", ">", "file"),
                Files.readAllLines(folder.resolve("words.txt")));
    }

    @Test
    void shouldNotMindAProgramThatReadsNothing() throws Exception {
        assertEquals(Outcome.DONE, exec("true").handle(event(new byte[3_000_000])));
        assertEquals(Outcome.DONE, exec("sh -c 'exec <&-; echo done >here'").handle(event(new byte[3_000_000])));
    }

    @ParameterizedTest
    @CsvSource({"discard, DISCARD", "retry, RETRY"})
    void shouldLogAFailure(String onFailure, Outcome outcome) throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Exec exec = new Exec("alert", "sh -c 'exit 3'", folder, 60, onFailure);

            assertEquals(outcome, exec.handle(EVENT));

            assertTrue(log.lines().stream().anyMatch(line -> line.contains("WARN") && line.contains(
                    "alert ended with exit status 3 for id=ivo://example.org/a#1 position=42 source=testkit")), log.text());
        }
    }

    @Test
    void shouldLogWhatTheProgramSaysAtDebug() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            exec("sh -c 'echo to output; echo to error >&2; printf unfinished'").handle(EVENT);

            for (String said : List.of("to output", "to error", "unfinished")) {
                assertTrue(log.lines().stream().anyMatch(line ->
                        line.contains("DEBUG") && line.endsWith("exec says: " + said)), log.text());
            }
        }
    }

    @Test
    void shouldBoundWhatIsLogged() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            // A line of 30 MB and 300,000 lines, written while nobody reads the input.
            Outcome outcome = exec("sh -c 'head -c 30000000 /dev/zero | tr \"\\0\" x; yes | head -n 300000'")
                    .handle(event(new byte[3_000_000]));

            assertEquals(Outcome.DONE, outcome);
            assertEquals(1000, log.lines().stream().filter(line -> line.contains("exec says: ")).count());
            assertTrue(log.text().length() < 1_000_000);
            assertTrue(log.text().contains("exec says more than 1000 lines"));
        }
    }

    @Test
    void shouldStopAProgramAndWhatItStartedAtTheTimeLimit() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Exec exec = new Exec("exec", "sh -c 'sleep 1000 & echo $! >child; wait'", folder, 2, "discard");

            assertEquals(Outcome.DISCARD, exec.handle(EVENT));

            assertTrue(log.text().contains("ran longer than 2 s"), log.text());
            awaitEndOf("child");
        }
    }

    @Test
    void shouldKillAProgramThatDoesNotEndWhenAskedTo() throws Exception {
        Exec exec = new Exec("exec", "sh -c 'trap \"\" TERM; echo $$ >pid; while :; do sleep 1000; done'", folder, 2, "retry");

        assertEquals(Outcome.RETRY, exec.handle(EVENT));

        awaitEndOf("pid");
    }

    @Test
    void shouldStopTheProgramWhenTheLaneIsInterrupted() throws Exception {
        FutureTask<Outcome> call = new FutureTask<>(() -> exec("sh -c 'echo $$ >pid; sleep 1000'").handle(EVENT));
        Thread lane = new Thread(call, "lane-exec");
        lane.start();
        await().until(() -> Files.exists(folder.resolve("pid")) && Files.size(folder.resolve("pid")) > 0);

        lane.interrupt();

        assertInstanceOf(InterruptedException.class, assertThrows(ExecutionException.class, call::get).getCause());
        awaitEndOf("pid");
    }

    @Test
    void shouldNotWaitForWhatTheProgramLeavesInTheBackground() throws Exception {
        long begin = System.nanoTime();

        assertEquals(Outcome.DONE, exec("sh -c 'sleep 1000 & echo $! >child'").handle(EVENT));

        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 30);
        ProcessHandle child = ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("child")).strip())).orElseThrow();
        assertTrue(child.isAlive(), "it is the program's own business");
        child.destroy();
    }

    @Test
    void shouldRunSeveralProgramsAtOnceWhenCalledSo() throws Exception {
        new ProcessBuilder("mkfifo", folder.resolve("gate").toString()).start().waitFor();
        Exec exec = exec("sh -c 'touch started.$BOLIDE_SEQUENCE; read line <gate; exit 0'");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Outcome> first = () -> exec.handle(TestEvent.of(1, "ivo://example.org/a#1", "one"));
            Callable<Outcome> second = () -> exec.handle(TestEvent.of(2, "ivo://example.org/a#2", "two"));
            List<Future<Outcome>> calls = List.of(threads.submit(first), threads.submit(second));

            await().until(() -> Files.exists(folder.resolve("started.1")) && Files.exists(folder.resolve("started.2")));
            Files.writeString(folder.resolve("gate"), "open\nopen\n");

            for (Future<Outcome> call : calls) {
                assertEquals(Outcome.DONE, call.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldNameTheCommandThatIsNotThere() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Exec exec = exec("no-such-program --now");
            assertTrue(log.text().contains("no-such-program is not in the PATH (" + System.getenv("PATH") + ")"), log.text());

            IOException failure = assertThrows(IOException.class, () -> exec.handle(EVENT));
            assertTrue(failure.getMessage().contains("no-such-program is not in the PATH"), failure.getMessage());
        }
    }

    @Test
    void shouldRunAProgramAsSoonAsItIsThere() throws Exception {
        Exec exec = exec("./late");
        Files.writeString(folder.resolve("late"), "#!/bin/sh\n");
        IOException failure = assertThrows(IOException.class, () -> exec.handle(EVENT));
        assertTrue(failure.getMessage().contains("late does not exist or is not executable"), failure.getMessage());

        script("late", "exit 0");

        assertEquals(Outcome.DONE, exec.handle(EVENT));
    }

    @Test
    void shouldNameTheWorkingDirectoryThatIsNotThere() {
        Exec exec = new Exec("exec", "true", folder.resolve("missing"), 60, "discard");

        IOException failure = assertThrows(IOException.class, () -> exec.handle(EVENT));

        assertTrue(failure.getMessage().contains("working directory " + folder.resolve("missing")), failure.getMessage());
    }

    @Test
    void shouldRefuseWrongOptions() {
        assertThrows(IllegalArgumentException.class, () -> new Exec("exec", null, folder, 60, "discard"));
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> new Exec("exec", "true", folder, 60, "ignore"));
        assertTrue(failure.getMessage().contains("discard or retry"), failure.getMessage());
    }

    private Exec exec(String command) {
        return new Exec("exec", command, folder, 60, "discard");
    }

    private void script(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        assertTrue(folder.resolve(name).toFile().setExecutable(true));
    }

    private void awaitEndOf(String pidFile) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(pidFile)).strip());
        await().untilAsserted(() -> assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)));
    }

    private static BrokerEvent event(byte[] content) {
        return TestEvent.of(1, TestEvent.header(Optional.of("ivo://example.org/a#1")), content);
    }
}
