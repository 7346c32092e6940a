package org.bolide.launcher.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A broker without ports that is started for one command, and ends with it. */
public final class Errand implements AutoCloseable {

    private static final long PAUSE_MILLIS = 25;
    private static final long START_SECONDS = 90;
    private static final long STOP_SECONDS = 30;

    /** Log lines, which are in the log file too, begin with a time; what is for the caller does not. */
    private static final String LOG_LINE = "^\\d{4}-\\d\\d-\\d\\dT.*";

    private final Process broker;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;
    private final Thread hook = new Thread(this::destroy, "errand-stop");

    /** @param options of {@code bin/bolide} */
    public Errand(Path home, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin").resolve("bolide").toString(),
                "--for-command=" + ProcessHandle.current().pid()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        broker = builder.start();
        broker.getOutputStream().close();
        Runtime.getRuntime().addShutdownHook(hook);
        reader = new Thread(this::listen, "errand-log");
        reader.start();
    }

    private void listen() {
        try (BufferedReader lines = broker.errorReader()) {
            lines.lines().filter(line -> !line.matches(LOG_LINE)).forEach(said::add);
        } catch (IOException | UncheckedIOException e) {
            said.add("what the broker says cannot be read: " + e.getMessage());
        }
    }

    /**
     * Waits until it takes commands.
     *
     * @return empty if it ended instead; see {@link #said}
     */
    public Optional<Connection> connect(Path base) throws IOException, InterruptedException {
        long begunAt = System.nanoTime();
        while (System.nanoTime() - begunAt < TimeUnit.SECONDS.toNanos(START_SECONDS)) {
            Optional<Connection> connection = broker.isAlive() ? Connection.open(base) : Optional.empty();
            if (connection.isPresent()) {
                return connection;
            }
            if (broker.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                reader.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
                return Optional.empty();
            }
        }
        said.add("bolide: no broker has come up within " + START_SECONDS + " s; see the log file");
        return Optional.empty();
    }

    /** What the broker said to whoever started it: why it could not run. */
    public String said() {
        return String.join(System.lineSeparator(), said);
    }

    private void destroy() {
        broker.destroy();
        try {
            if (!broker.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                broker.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops it and waits for its end. */
    @Override
    public void close() {
        destroy();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
