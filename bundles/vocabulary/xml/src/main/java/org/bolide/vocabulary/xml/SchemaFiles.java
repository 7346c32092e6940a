package org.bolide.vocabulary.xml;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
            Files.walkFileTree(place, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {

                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return isHidden(folder) && !folder.equals(place) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    boolean isSchema = attributes.isRegularFile() && file.toString().endsWith(".xsd") && !isHidden(file);
                    if (isSchema || file.equals(place)) {
                        stamps.put(file, new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        // Not there, or removed just now: then it is not in the list.
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        }
        return stamps;
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
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
