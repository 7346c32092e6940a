package org.bolide.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/** A broker that is started by {@code bin/bolide} with a base of its own, again and again if the test likes. */
final class Broker implements AutoCloseable {

    static final String IVOID = "ivo://test.bolide/broker";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path base;
    final int receivePort = Product.freePort();
    final int broadcastPort = Product.freePort();
    private Path home = Product.HOME;
    private Running running;

    /** @param directory the caller's directory; the base is {@code base} in it */
    Broker(Path directory) throws IOException {
        base = Files.createDirectories(directory.resolve("base"));
    }

    /** From now on it is started from another installation. */
    Broker of(Path installation) {
        home = installation;
        return this;
    }

    /** Starts it with these options and no more than {@code --base}. */
    Broker start(String... options) {
        List<String> line = new ArrayList<>(List.of(home.resolve("bin/bolide").toString(), "--base=" + base));
        line.addAll(Arrays.asList(options));
        try {
            running = Running.start(base, Map.of(), line.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Starts it as receiver and broadcaster with further options, and waits until both listen. */
    Broker startBoth(String... options) {
        List<String> all = new ArrayList<>(List.of("--local-ivo=" + IVOID, "--receive", "--receive-port=" + receivePort,
                "--broadcast", "--broadcast-port=" + broadcastPort, "--broadcast-test-interval=0"));
        all.addAll(Arrays.asList(options));
        start(all.toArray(String[]::new));
        awaitListening(receivePort);
        awaitListening(broadcastPort);
        return this;
    }

    void awaitListening(int port) {
        await("port " + port).atMost(PATIENCE).until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return true;
            } catch (IOException e) {
                return !isAlive();
            }
        });
        if (!isAlive()) {
            throw new AssertionError("the broker ended:\n" + String.join("\n", running.lines("")));
        }
    }

    /** Waits for a line of its log in which the expression is found, and returns the first one. */
    String awaitLog(String regex) {
        running.awaitLines(1, regex);
        return running.lines(regex).get(0);
    }

    /** The lines of its log, since its start, in which the expression is found. */
    List<String> log(String regex) {
        return running.lines(regex);
    }

    /** What it has written to its standard output. */
    String output() throws IOException {
        return running.output();
    }

    boolean isAlive() {
        return running.isAlive();
    }

    long pid() {
        return running.pid();
    }

    /** Ends it as {@code kill PID} does, and returns its exit code. */
    int terminate() throws InterruptedException {
        return running.terminate();
    }

    /** Ends it as {@code kill -9 PID} does. */
    void kill() {
        running.kill();
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }
}
