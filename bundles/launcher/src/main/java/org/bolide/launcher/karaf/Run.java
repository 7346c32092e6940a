package org.bolide.launcher.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.bolide.launcher.configuration.RunFile;

/** What the command line asks of this run; nothing if the broker was started otherwise. */
final class Run {

    private Run() {}

    static RunFile load() throws IOException {
        String file = System.getenv(RunFile.VARIABLE);
        boolean given = file != null && !file.isEmpty() && Files.exists(Path.of(file));
        return given ? RunFile.read(Path.of(file)) : RunFile.empty();
    }
}
