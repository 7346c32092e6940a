package org.bolide.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the test's own: on the loopback address and a free port, in a temporary directory, with the user
 * {@code bolide} and a password that nobody knows. PostgreSQL does not run as root; then it runs as the user
 * {@code postgres}. Where it is not installed, the test is not run (see {@link Tools}).
 */
public final class PostgresServer implements AutoCloseable {

    public static final String USER = "bolide";

    private static final int COMMAND_SECONDS = 60;

    private final Path directory;
    private final Path pgCtl;
    private final Path initdb;
    private final String password = UUID.randomUUID().toString();
    private final Thread hook = new Thread(this::remove, "postgres-remove");
    private int port;

    /** Makes a new server and starts it. */
    public PostgresServer() throws IOException {
        initdb = Tools.find("initdb", "/usr/lib/postgresql/*/bin", "/usr/local/bin");
        // beside initdb, or where that links to, so that both are of one version
        pgCtl = initdb.toRealPath().resolveSibling("pg_ctl");
        directory = Files.createTempDirectory("bolide-postgres");
        Path passwordFile = Files.writeString(directory.resolve("password"), password);
        if (root()) {
            command(List.of("chown", "-R", "postgres", directory.toString()));
        }
        Runtime.getRuntime().addShutdownHook(hook);
        run(initdb.toString(), "--pgdata=" + data(), "--username=" + USER, "--pwfile=" + passwordFile,
                "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync");
        start();
    }

    /** Starts it again after {@link #stop}, on the same port; with durability as it is by default. */
    public void start() throws IOException {
        if (port == 0) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
        }
        run(pgCtl.toString(), "--pgdata=" + data(), "--log=" + directory.resolve("log"), "--wait", "start", "--options=-p "
                + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
    }

    /** Stops it as a crash of its machine would: without another write to the disk. */
    public void stop() throws IOException {
        run(pgCtl.toString(), "--pgdata=" + data(), "--mode=immediate", "--wait", "stop");
    }

    /** The JDBC URL of a database, {@code postgres} being there from the beginning. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    public String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        remove();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void remove() {
        try {
            if (Files.exists(directory.resolve("data/postmaster.pid"))) {
                stop();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private void run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(root() ? List.of("runuser", "-u", "postgres", "--") : List.of());
        command.addAll(List.of(arguments));
        command(command);
    }

    private void command(List<String> command) throws IOException {
        Path output = Files.createTempFile("bolide-postgres", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end in " + COMMAND_SECONDS + " s: " + Files.readString(output));
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + ": exit status " + process.exitValue() + ": " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(output);
        }
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }
}
