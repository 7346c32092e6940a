package org.bolide.eventstore;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.bolide.testkit.Tools;

/** Another Java process with this one's class path, and what it prints. */
final class Child implements AutoCloseable {

    private static final int SECONDS = 60;

    private final Process process;
    private final BufferedReader output;

    private Child(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(Class<?> main, Object... arguments) throws IOException {
        return new Child(java(main, arguments));
    }

    /**
     * Starts it where a small file system in memory is mounted for nobody else; where the machine does not allow that,
     * the test is not run.
     *
     * @param options of the mount
     */
    static Child startWithFileSystem(Path mountPoint, String options, Class<?> main, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tools.find("unshare").toString(), "--mount"));
        if (!"root".equals(System.getProperty("user.name"))) {
            command.add("--map-root-user");
        }
        command.addAll(List.of("sh", "-c", "mount -t tmpfs -o \"$1\" tmpfs \"$0\" || exit 99; shift; exec \"$@\"",
                mountPoint.toString(), options));
        List<String> trial = new ArrayList<>(command);
        trial.add("true");
        Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
        String message = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw Tools.absent("a file system of the test's own", message);
        }
        command.addAll(java(main, arguments));
        return new Child(command);
    }

    private static List<String> java(Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** The next line; null at the end. */
    String line() throws IOException {
        return output.readLine();
    }

    /** All lines that are left, without one that does not end. */
    List<String> rest() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = output.read(); c >= 0; c = output.read()) {
            text.append((char) c);
        }
        return text.substring(0, text.lastIndexOf("\n") + 1).lines().toList();
    }

    long pid() {
        return process.pid();
    }

    /** As {@code kill -9}; returns when it is gone. */
    void kill() throws InterruptedException {
        // Process.destroyForcibly would close its output
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Waits for its end. */
    int exitStatus() throws InterruptedException {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
