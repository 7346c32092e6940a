package org.bolide.launcher.sendvo;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** The events that operands name: files, folders with all below, tar archives, {@code -} for standard input. */
final class Messages {

    private static final int MAX_EVENT_BYTES = 64 << 20;
    private static final List<String> ARCHIVES = List.of(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2");

    /** Takes one event after the other. */
    interface Consumer {
        void accept(Message message) throws IOException;
    }

    private final InputStream standardInput;
    private final AtomicLong consumed = new AtomicLong();

    Messages(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** The bytes read so far, of {@link #size}. */
    long consumed() {
        return consumed.get();
    }

    /** Whether an operand can hold many events. */
    static boolean isMany(Path operand) {
        return Files.isDirectory(operand) || isArchive(operand);
    }

    /** The bytes to be read, packed as they are. */
    static long size(List<String> operands) throws IOException {
        long bytes = 0;
        for (String operand : operands) {
            if (!operand.equals("-")) {
                for (Path file : files(Path.of(operand))) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }

    /** Reads what an operand names, one event at a time. */
    void read(String operand, Consumer consumer) throws IOException {
        if (operand.equals("-")) {
            consumer.accept(new Message("standard input", all("standard input", standardInput)));
            return;
        }
        for (Path file : files(Path.of(operand))) {
            try (InputStream in = counting(Files.newInputStream(file))) {
                if (isArchive(file)) {
                    unpack(file, in, consumer);
                } else {
                    consumer.accept(new Message(file.toString(), all(file.toString(), in)));
                }
            }
        }
    }

    private static void unpack(Path archive, InputStream in, Consumer consumer) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(decompress(archive, in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = archive + "/" + entry.getName();
                if (entry.isFile() && !isHidden(Path.of(entry.getName()))) {
                    consumer.accept(new Message(name, all(name, tar)));
                }
            }
        }
    }

    private static InputStream decompress(Path archive, InputStream in) throws IOException {
        String name = archive.toString().toLowerCase(Locale.ROOT);
        InputStream buffered = new BufferedInputStream(in, 1 << 16);
        if (name.endsWith("gz")) {
            return new GZIPInputStream(buffered);
        }
        return name.endsWith("bz2") ? new BZip2CompressorInputStream(buffered, true) : buffered;
    }

    private static boolean isArchive(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return ARCHIVES.stream().anyMatch(name::endsWith);
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private static List<Path> files(Path operand) throws IOException {
        if (!Files.isDirectory(operand)) {
            return List.of(operand);
        }
        try (Stream<Path> below = Files.walk(operand)) {
            return below.filter(Files::isRegularFile).filter(file -> !isHidden(file)).sorted().toList();
        }
    }

    private static byte[] all(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_EVENT_BYTES + 1);
        if (bytes.length > MAX_EVENT_BYTES) {
            throw new IOException(name + " is larger than " + (MAX_EVENT_BYTES >> 20) + " MiB, hence no event");
        }
        return bytes;
    }

    private InputStream counting(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                consumed.addAndGet(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                consumed.addAndGet(Math.max(0, read));
                return read;
            }
        };
    }
}
