package org.bolide.launcher.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The operator's configuration files: those in the base's {@code etc} and, where the base is not the installation, those
 * of the installation's for which the base has none. Karaf's own files, all in the installation's, are not among them.
 */
public final class EtcFolders {

    private EtcFolders() {}

    /** The files that count, in the order of their names. */
    public static List<Path> files(Path installation, Path base) throws IOException {
        Map<String, Path> byName = new TreeMap<>();
        collect(installation, byName);
        collect(base, byName);
        return List.copyOf(byName.values());
    }

    /** Whether a file is one that this bundle reads: one of Bolide's own PIDs, or any factory's JSON. */
    public static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        return ConfigurationFile.name(file)
                .filter(parsed -> Checker.isOurs(parsed.pid()) || name.endsWith(".cfg.json"))
                .isPresent();
    }

    private static void collect(Path folder, Map<String, Path> byName) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(EtcFolders::isOurs).forEach(file -> byName.put(file.getFileName().toString(), file));
            }
        }
    }
}
