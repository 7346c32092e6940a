package org.bolide.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static org.awaitility.Awaitility.await;

/** A program of the archive that was started as an operator starts it; closing it kills what still runs. */
final class Running implements AutoCloseable {
    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final Path out;
    private final Path err;

    private Running(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command in the folder of its base; what it prints goes to files there. */
    static Running start(Path base, Map<String, String> environment, String... command) throws IOException {
        Files.createDirectories(base);
        Path out = Files.createTempFile(base.getParent(), "run", ".out");
        Path err = Path.of(out.toString().replace(".out", ".err"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(base.getParent().toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_") || name.startsWith("BOLIDE_"));
        builder.environment().put("KARAF_BASE", base.toString());
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }

    /** Waits until so many lines of its log, which is its standard error, match. */
    void awaitLines(int count, String regex) {
        await(count + " times " + regex).atMost(BOOT).until(() -> lines(regex).size() >= count || !process.isAlive());
        if (lines(regex).size() < count) {
            throw new AssertionError("it ended with " + process.exitValue() + " before it said " + regex + ":\n" + errors().collect(joining("\n")));
        }
    }

    List<String> lines(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return errors().filter(line -> pattern.matcher(line).find()).collect(toList());
    }

    String output() throws IOException {
        return Files.readString(out);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Asks it to stop, as a service manager does, and returns its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running " + STOP + " after SIGTERM");
        }
        return process.exitValue();
    }

    /** Ends it without a word. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    private Stream<String> errors() {
        try {
            return Files.readAllLines(err).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
