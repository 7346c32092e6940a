package org.bolide.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The product as an operator starts it: unpacked, on a fresh base directory and free ports, otherwise with its defaults. */
public final class Product {

    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 100;

    private final Path folder;
    private final Process process;
    private final Target target;
    /** The benchmark may be ended before its time. */
    private final Thread atExit = new Thread(this::end, "load-end");

    private Product(Path folder, Process process, Target target) {
        this.folder = folder;
        this.process = process;
        this.target = target;
    }

    /** Unpacks the archive, starts the broker with these further options and waits until it listens. */
    public static Product start(Path archive, String name, String... options) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bolide-load");
        Process process = null;
        try {
            Process tar = new ProcessBuilder("tar", "xzf", archive.toAbsolutePath().toString(), "-C", folder.toString())
                    .inheritIO().start();
            if (tar.waitFor() != 0) {
                throw new IOException("tar could not unpack " + archive);
            }
            Path home;
            try (Stream<Path> tops = Files.list(folder)) {
                home = tops.filter(Files::isDirectory).findFirst().orElseThrow();
            }
            int receive = freePort();
            int broadcast = freePort();
            List<String> command = new ArrayList<>(List.of(home.resolve("bin/bolide").toString(),
                    "--local-ivo=ivo://benchmark.example/broker", "--base=" + folder.resolve("base"), "--receive",
                    "--receive-port=" + receive, "--broadcast", "--broadcast-port=" + broadcast));
            command.addAll(List.of(options));
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("log").toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("KARAF_") || key.startsWith("BOLIDE_"));
            process = builder.start();
            Product product = new Product(folder, process,
                    new Target(name, "127.0.0.1", receive, broadcast, OptionalLong.of(process.pid())));
            Runtime.getRuntime().addShutdownHook(product.atExit);
            product.await(receive);
            product.await(broadcast);
            return product;
        } catch (IOException | InterruptedException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            delete(folder);
            throw e;
        }
    }

    /** Where authors send. */
    public int receivePort() {
        return target.receivePort();
    }

    /** Where subscribers connect. */
    public int broadcastPort() {
        return target.broadcastPort();
    }

    /** What is to be loaded; bin/bolide becomes the broker, so its process is the broker's. */
    Target target() {
        return target;
    }

    /** The archive that the build has made, if it has. */
    public static Optional<Path> builtArchive() throws IOException {
        Path folder = Machine.home().resolve("../../assembly/target").normalize();
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst();
        }
    }

    /** The last lines of its log. */
    List<String> log(int lines) throws IOException {
        List<String> all = Files.readAllLines(folder.resolve("log"));
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    /** Stops it, and removes all that it wrote. */
    public void stop() throws IOException, InterruptedException {
        Runtime.getRuntime().removeShutdownHook(atExit);
        endAndDelete();
    }

    private void end() {
        try {
            endAndDelete();
        } catch (IOException e) {
            System.err.println("LoadBenchmark: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endAndDelete() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            delete(folder);
            throw new IOException("the broker did not stop within " + STOP.toSeconds() + " s of SIGTERM and was killed");
        }
        delete(folder);
    }

    /** Waits until it listens on this port, too. */
    public void await(int port) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() - begun > BOOT.toNanos()) {
                throw new IOException("the broker does not listen on port " + port + "; its log ends with\n"
                        + String.join("\n", log(20)));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** One that nobody listens on just now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
