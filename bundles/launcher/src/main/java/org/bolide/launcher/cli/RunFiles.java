package org.bolide.launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.bolide.launcher.configuration.RunFile;

/** The run files under {@code data/run}, one for each process; those of processes that are gone are swept away. */
final class RunFiles {

    private static final String SUFFIX = ".json";

    private RunFiles() {}

    static Path write(Path base, String process, RunFile runFile) throws IOException {
        Path folder = Files.createDirectories(base.resolve("data").resolve("run"));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path old : files.filter(file -> !belongsToProcess(file)).toList()) {
                Files.deleteIfExists(old);
            }
        }
        Path file = folder.resolve(process + SUFFIX);
        runFile.write(file);
        return file;
    }

    private static boolean belongsToProcess(Path file) {
        String name = file.getFileName().toString().replace(SUFFIX, "");
        return name.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(name)).filter(ProcessHandle::isAlive).isPresent();
    }
}
