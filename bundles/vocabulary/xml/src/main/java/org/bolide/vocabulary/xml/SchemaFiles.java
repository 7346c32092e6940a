package org.bolide.vocabulary.xml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.bolide.api.MalformedEventException;

/**
 * The XSD files that are there: those that the configuration names, and in the folders that it names all
 * {@code *.xsd}. Hidden ones are an editor's, and left out.
 */
final class SchemaFiles {

    private static final int DEEPEST = 8;

    private final List<Path> places;

    SchemaFiles(List<Path> places) {
        this.places = places;
    }

    /** How a file looks from outside: what is written anew looks otherwise. */
    record Stamp(long size, FileTime changed, Object key) {
    }

    /**
     * What was read.
     *
     * @param broken files that are no schemas, and why
     */
    record Contents(SortedMap<Path, Xsd> files, SortedMap<Path, String> broken) {
    }

    /** What of the configured files and folders is not there. */
    List<Path> missing() {
        return places.stream().filter(place -> !Files.exists(place)).toList();
    }

    SortedMap<Path, Stamp> list() throws IOException {
        SortedMap<Path, Stamp> stamps = new TreeMap<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> inside = Files.walk(place, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
                    for (Path path : (Iterable<Path>) inside.filter(path -> isSchema(place, path))::iterator) {
                        stamp(path, stamps);
                    }
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            } else if (Files.exists(place)) {
                stamp(place, stamps);
            }
        }
        return stamps;
    }

    private static boolean isSchema(Path folder, Path path) {
        for (Path name : folder.relativize(path)) {
            if (name.toString().startsWith(".")) {
                return false;
            }
        }
        return path.toString().endsWith(".xsd") && Files.isRegularFile(path);
    }

    private static void stamp(Path path, SortedMap<Path, Stamp> stamps) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            stamps.put(path, new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
        } catch (NoSuchFileException gone) {
            // Removed just now: then it is not there.
            stamps.remove(path);
        }
    }

    static Contents read(Iterable<Path> paths) {
        Contents contents = new Contents(new TreeMap<>(), new TreeMap<>());
        for (Path path : paths) {
            try {
                contents.files.put(path, Xsd.read(path, Files.readAllBytes(path)));
            } catch (MalformedEventException e) {
                contents.broken.put(path, e.getMessage());
            } catch (IOException e) {
                contents.broken.put(path, "it cannot be read: " + e);
            }
        }
        return contents;
    }
}
