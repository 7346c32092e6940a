package org.bolide.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The archive, unpacked as a user does it, into a folder whose name has a blank. */
final class Product {

    /** The installation. */
    static final Path HOME = unpack();

    private static final Set<Integer> GIVEN_PORTS = new HashSet<>();

    private Product() {
    }

    /** What a command printed, and how it ended. */
    record Result(int exit, String out, String err) {}

    /** Runs a command of the product to its end, in the given directory. */
    static Result run(Path directory, String command, String... arguments) throws IOException, InterruptedException {
        return run(directory, InputStream.nullInputStream(), command, arguments);
    }

    /** The same with something on its standard input. */
    static Result run(Path directory, InputStream input, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("bin").resolve(command).toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).directory(directory.toFile()).start();
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        try (var stdin = process.getOutputStream()) {
            input.transferTo(stdin);
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(line + " did not end; it printed\n" + out.join() + err.join());
        }
        return new Result(process.exitValue(), out.join(), err.join());
    }

    /** A port that nobody uses and that no other test of this process was given. */
    static synchronized int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (GIVEN_PORTS.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpack() {
        try {
            return Archive.unpack(Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "unpacked by a user").toAbsolutePath()), "product"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
