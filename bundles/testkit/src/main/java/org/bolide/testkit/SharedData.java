package org.bolide.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Real events and conformance vectors, which are other people's and therefore not part of the project: the folder named
 * by the system property {@code bolide.shared.data}, by default {@code ../shared/data} beside the checkout.
 */
public final class SharedData {

    private static final int BLOCK = 512;

    private SharedData() {
    }

    /**
     * One event of {@code filters/public-events.tar.gz}.
     *
     * @param name its path in the archive; {@code synthetic/} and {@code dubious/} are made up
     * @param comet what Comet does with it: {@code accept}, {@code reject-schema}, {@code reject-ivoid} …
     * @param why Comet's reason
     * @param dtd whether it has a document type declaration
     * @param ivoid with {@code \n} escaped; empty where Comet could not read it
     */
    public record RealEvent(String name, byte[] content, String comet, String why, boolean dtd, String ivoid) {

        /** Whether it came over the network once. */
        public boolean real() {
            return !name.startsWith("synthetic/") && !name.startsWith("dubious/");
        }
    }

    /** The folder; empty, and the output says so, where it is not there. */
    public static Optional<Path> folder() {
        Path folder = Path.of(System.getProperty("bolide.shared.data", "../shared/data")).toAbsolutePath().normalize();
        if (Files.isDirectory(folder)) {
            return Optional.of(folder);
        }
        System.out.println("not run: no shared data at " + folder + " (system property bolide.shared.data)");
        return Optional.empty();
    }

    /** The 669 events of {@code filters/public-events.tar.gz} with their list; none where the folder is not there. */
    public static List<RealEvent> events() {
        return folder().map(SharedData::events).orElse(List.of());
    }

    /**
     * The files of an archive, by name; none where the folder is not there.
     *
     * @param name such as {@code filters/clacks/public-events.tar.gz}
     */
    public static Map<String, byte[]> archive(String name) {
        return folder().map(folder -> {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name)))) {
                return untar(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).orElse(Map.of());
    }

    private static List<RealEvent> events(Path folder) {
        Path filters = folder.resolve("filters");
        try {
            Map<String, byte[]> contents = archive(filters.resolve("public-events.tar.gz"));
            return Files.readAllLines(filters.resolve("public-events.tsv")).stream().skip(1).map(line -> {
                String[] column = line.split("\t", -1);
                byte[] content = Optional.ofNullable(contents.get(column[0])).orElseThrow(
                        () -> new IllegalStateException(column[0] + " is listed but not in the archive"));
                return new RealEvent(column[0], content, column[2], column[3], "1".equals(column[4]), column[9]);
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files in a {@code .tar.gz}, by name. */
    public static Map<String, byte[]> archive(Path file) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return untar(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The regular files of a POSIX tar archive (ustar); enough for archives of ours, whose names are short. */
    private static Map<String, byte[]> untar(InputStream in) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (byte[] header = in.readNBytes(BLOCK); header.length == BLOCK && header[0] != 0; header = in.readNBytes(BLOCK)) {
            int size = Integer.parseInt(field(header, 124, 12).strip(), 8);
            byte[] content = in.readNBytes(size);
            if (content.length < size) {
                throw new EOFException("the archive ends within " + field(header, 0, 100));
            }
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            if (header[156] == '0' || header[156] == 0) {
                files.put(field(header, 0, 100), content);
            }
        }
        return files;
    }

    private static String field(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
