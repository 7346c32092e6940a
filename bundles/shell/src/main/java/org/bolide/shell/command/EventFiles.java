package org.bolide.shell.command;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * The events that operands name: files, directories with all below, {@code -} for what is piped in. What a file is shows
 * its beginning: a tar archive, packed by gzip or bzip2 or not, or else an event. For one thread.
 */
final class EventFiles {

    private static final int MAX_EVENT_BYTES = 64 << 20;
    private static final int BLOCK = 512;
    private static final int MAGIC = 257;

    /** Takes one event after the other. */
    @FunctionalInterface
    interface Consumer {

        /** @param name where the event comes from, for people */
        void accept(String name, byte[] event) throws IOException, Refusal, InterruptedException;
    }

    private final Caller caller;
    private long consumed;
    private long size;

    EventFiles(Caller caller) {
        this.caller = caller;
    }

    /** The bytes read so far. */
    long consumed() {
        return consumed;
    }

    /** The bytes to be read in all; 0 if that is not known. */
    long size() {
        return size;
    }

    static Path path(Caller caller, String file) throws Refusal {
        try {
            return caller.directory().resolve(file).normalize();
        } catch (InvalidPathException e) {
            throw Refusal.usage("No file can be called " + Screen.line(file) + ".");
        }
    }

    /** Reads all the operands. */
    void read(List<String> operands, Consumer consumer) throws Refusal, InterruptedException {
        try {
            for (String operand : operands) {
                if (!operand.equals("-")) {
                    for (Path file : files(operand)) {
                        size += Files.size(file);
                    }
                }
            }
            size = operands.contains("-") ? 0 : size;
            for (String operand : operands) {
                if (operand.equals("-")) {
                    unpack("standard input", caller.in(), consumer);
                    continue;
                }
                for (Path file : files(operand)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        unpack(file.toString(), in, consumer);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            throw new Refusal("There is no file " + Screen.line(e.getFile()) + ".", e);
        } catch (FileSystemException e) {
            throw new Refusal(Screen.line("The file cannot be read: " + e.getMessage()), e);
        } catch (IOException e) {
            throw new Refusal(Screen.wrap(Screen.line("The events cannot be read: " + e.getMessage())), e);
        }
    }

    private List<Path> files(String operand) throws IOException, Refusal {
        Path path = path(caller, operand);
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            return below.filter(Files::isRegularFile).filter(file -> !isHidden(file)).sorted().toList();
        }
    }

    private void unpack(String name, InputStream raw, Consumer consumer) throws IOException, Refusal, InterruptedException {
        InputStream in = beginning(counting(raw));
        in.mark(2 * BLOCK);
        byte[] start = in.readNBytes(3);
        in.reset();
        if (start.length > 1 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b) {
            in = beginning(new GZIPInputStream(in));
        } else if (new String(start, StandardCharsets.ISO_8859_1).equals("BZh")) {
            in = beginning(new BZip2CompressorInputStream(in, true));
        }
        if (!isTar(in)) {
            consumer.accept(name, event(name, in));
            return;
        }
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            String entryName = name + "/" + entry.getName();
            if (entry.isFile() && !isHidden(Path.of(entry.getName()))) {
                consumer.accept(entryName, event(entryName, tar));
            }
        }
    }

    private static InputStream beginning(InputStream in) {
        return new BufferedInputStream(in, 1 << 16);
    }

    /** POSIX.1-1988 (ustar) and GNU tar, and what is older only where it cannot be XML. */
    private static boolean isTar(InputStream in) throws IOException {
        in.mark(2 * BLOCK);
        byte[] block = in.readNBytes(BLOCK);
        in.reset();
        return block.length == BLOCK && TarArchiveInputStream.matches(block, block.length)
                || block.length == BLOCK && isOldTar(block);
    }

    private static boolean isOldTar(byte[] block) {
        return block[MAGIC] == 0 && new String(block, 0, 100, StandardCharsets.ISO_8859_1).matches("[^<\0]+\0+");
    }

    private static boolean isHidden(Path file) {
        return file.getFileName() != null && file.getFileName().toString().startsWith(".");
    }

    private static byte[] event(String name, InputStream in) throws IOException {
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
                consumed += b < 0 ? 0 : 1;
                return b;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                consumed += Math.max(0, read);
                return read;
            }
        };
    }
}
