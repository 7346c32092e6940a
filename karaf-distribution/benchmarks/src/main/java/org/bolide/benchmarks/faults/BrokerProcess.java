package org.bolide.benchmarks.faults;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.bolide.testkit.ComponentJar;

import static org.awaitility.Awaitility.await;

/** The product with a base of its own, configured by files: a receiver, a broadcaster, and what a fault adds. Is killed and started again at will. */
final class BrokerProcess implements AutoCloseable {
    static final String IVOID = "ivo://test.bolide/broker";
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How long a reader may take to all that was acknowledged. */
    static final Duration CATCH_UP = Duration.ofMinutes(3);
    private static final Set<Integer> GIVEN = new HashSet<>();
    /** Below what the kernel gives to outgoing connections: while a broker is down nobody else takes its port. */
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    final Path base;
    final int receivePort = freePort();
    final int broadcastPort = freePort();
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private List<String> wrapper = List.of();
    private Process process;

    BrokerProcess(Path home, Path folder) throws IOException {
        this.home = home;
        base = Files.createDirectories(folder.resolve("base"));
        Files.createDirectories(base.resolve("etc"));
        Files.createDirectories(base.resolve("deploy"));
        configure("org.bolide.transport.cfg", "localIvoid = " + IVOID);
        receiver("");
        broadcaster("");
    }

    /** A port that is free and stays so. */
    static synchronized int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Writes a configuration file, in one step. */
    BrokerProcess configure(String file, String content) throws IOException {
        Path partial = Files.writeString(base.resolve("partial"), content + "\n");
        Files.move(partial, base.resolve("etc").resolve(file), StandardCopyOption.ATOMIC_MOVE);
        return this;
    }

    /** Sets what the receiver has beyond its port, as further members of JSON. */
    BrokerProcess receiver(String more) throws IOException {
        return configure("org.bolide.transport.receiver~main.cfg.json", "{ \"port\": " + receivePort + (more.isEmpty() ? "" : ", " + more) + " }");
    }

    /** The same for the broadcaster. */
    BrokerProcess broadcaster(String more) throws IOException {
        return configure("org.bolide.transport.broadcaster~main.cfg.json",
                "{ \"port\": " + broadcastPort + ", \"testIntervalSeconds\": 0" + (more.isEmpty() ? "" : ", " + more) + " }");
    }

    /** Has save-event write to this folder. */
    BrokerProcess saveTo(Path folder) throws IOException {
        return configure("org.bolide.handler.saveevent~main.cfg.json",
                "{ \"directory\": \"" + folder.toAbsolutePath() + "\", \"handler.start\": \"earliest\" }");
    }

    /** Drops a handler into deploy, with its configuration. */
    BrokerProcess handler(String name, Class<?> type, String more) throws IOException {
        configure("test." + name + "~main.cfg.json", "{ \"handler.name\": \"" + name + "\", \"handler.start\": \"earliest\"" + more + " }");
        return jar(name, type, 1);
    }

    /** Puts the jar of a handler into deploy, or this version of it in the place of another. */
    BrokerProcess jar(String name, Class<?> type, int version) throws IOException {
        ComponentJar.write(base.resolve("deploy").resolve(name + ".jar"), type, "test." + name, version + ".0.0");
        return this;
    }

    /** Drops a handler into deploy that writes down what it gets. */
    BrokerProcess recordTo(Path file) throws IOException {
        return handler("lines", Lines.class, ", \"file\": \"" + file.toAbsolutePath() + "\"");
    }

    void removeHandler(String name) throws IOException {
        Files.delete(base.resolve("deploy").resolve(name + ".jar"));
    }

    /** Has it started by another program, which becomes it, and with these variables. */
    BrokerProcess by(List<String> command, Map<String, String> variables) {
        wrapper = command;
        environment.putAll(variables);
        return this;
    }

    /** Starts it and waits until it listens; returns how long that took. */
    Duration start() throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(home.resolve("bin/bolide").toString(), "--base=" + base));
        ProcessBuilder builder = new ProcessBuilder(command).directory(base.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_") || name.startsWith("BOLIDE_"));
        builder.environment().putAll(environment);
        said.clear();
        long begun = System.nanoTime();
        process = builder.start();
        Process started = process;
        new Thread(() -> listen(started), "broker-log").start();
        awaitListening(receivePort);
        awaitListening(broadcastPort);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Its log goes through us: a limit on the size of its files must not silence it. */
    private void listen(Process started) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(started.getErrorStream(), StandardCharsets.UTF_8));
                BufferedWriter file = Files.newBufferedWriter(base.resolve("../said-" + started.pid() + ".log"))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(line);
                file.append(line).append('\n');
            }
        } catch (IOException e) {
            said.add("(its log cannot be read any more: " + e + ")");
        }
    }

    private void awaitListening(int port) {
        await("port " + port).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50)).until(() -> listens(port) || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("the broker ended with " + process.exitValue() + ":\n" + String.join("\n", said));
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Waits for a line of its log, since its start, in which the expression is found. */
    void awaitLog(String regex) {
        await("in the log: " + regex).atMost(PATIENCE).until(() -> !log(regex).isEmpty());
    }

    List<String> log(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return said.stream().filter(line -> pattern.matcher(line).find()).toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly().onExit().join();
        awaitClosed();
    }

    /** The kernel may close the sockets of a process some moments after its end: the next broker shall not be taken for ready because of them. */
    private void awaitClosed() {
        await("the ports are closed").atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).until(() -> !listens(receivePort) && !listens(broadcastPort));
    }

    /** Asks it to stop. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running " + PATIENCE + " after SIGTERM");
        }
        awaitClosed();
    }

    long openFiles() {
        return entries("fd");
    }

    long threads() {
        return entries("task");
    }

    private long entries(String directory) {
        try (var files = Files.list(Path.of("/proc", Long.toString(pid()), directory))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resident memory. */
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
    }

    /** What lives on its heap, after a collection. */
    HeapContents heap() throws IOException, InterruptedException {
        return HeapContents.of(pid());
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
