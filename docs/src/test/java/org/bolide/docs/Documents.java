package org.bolide.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checkout, seen from the folder in which Maven runs the tests. */
final class Documents {

    static final Path DOCS = Path.of("").toAbsolutePath();
    static final Path TOP = DOCS.getParent();

    private Documents() {
    }

    /** Every page of the project for people. */
    static List<Path> pages() {
        return files(TOP, path -> path.toString().endsWith(".md"));
    }

    /** The files below a folder, generated ones left out unless the folder itself is one. */
    static List<Path> files(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(wanted).filter(Files::isRegularFile)
                    .filter(path -> !folder.relativize(path).toString().matches("(.*/)?(target|\\.[^/]*)/.*"))
                    .sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
