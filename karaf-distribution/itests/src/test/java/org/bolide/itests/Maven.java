package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Maven of a handler's author, which has of ours what is published, and needs no network for the rest. */
final class Maven {
    private static final Path PUBLISHED = Path.of("target/handler-repository").toAbsolutePath();

    private final Path repository;

    Maven(Path repository) throws IOException {
        this.repository = repository;
        link(repository);
    }

    /** Runs it to its end in a directory and returns what it printed; fails unless it succeeds. */
    String run(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("maven.home") + "/bin/mvn", "-B", "-o",
                "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(repository.getParent(), "mvn", ".log");
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(command + " failed:\n" + Files.readString(output));
        }
        return Files.readString(output);
    }

    /** Makes a local repository: what is published of ours, and links to what this build has downloaded. */
    static void link(Path repository) throws IOException {
        Path real = Path.of(System.getProperty("org.ops4j.pax.url.mvn.localRepository"));
        Path org = Files.createDirectories(repository.resolve("org"));
        try (Stream<Path> groups = Stream.concat(Files.list(real), Files.list(real.resolve("org")))) {
            for (Path group : groups.toList()) {
                Path link = (group.getParent().equals(real) ? repository : org).resolve(group.getFileName());
                if (!link.equals(org) && !link.endsWith("org/bolide")) {
                    Files.createSymbolicLink(link, group);
                }
            }
        }
        Files.createSymbolicLink(org.resolve("bolide"), PUBLISHED.resolve("org/bolide"));
    }
}
