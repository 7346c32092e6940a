package org.bolide.shell.command;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;

/**
 * {@code export}: writes the log's events into a tar archive, one file each, exactly as they were received. The
 * files' names sort in the order of the log.
 */
final class ExportCommand implements Command {

    private static final int BATCH = 500;
    private static final int BATCH_BYTES = 4 << 20;
    private static final int BUFFER = 1 << 16;
    private static final int MAX_NAME = 60;

    private static final Grammar GRAMMAR = Grammar.of("export",
            Form.reads("").option("--since", "TIME", Values.ANY).option("--until", "TIME", Values.ANY).option("--output", "FILE", Values.FILES));

    private final Services services;

    ExportCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        return run(services.need(EventLog.class), call.time("--since"), call.time("--until"), call.option("--output"), call.caller());
    }

    /** @param output a file that is not there yet; empty for standard output */
    private static int run(EventLog log, Optional<Instant> since, Optional<Instant> until, Optional<String> output, Caller caller)
            throws Refusal, InterruptedException {
        ReaderSpec.Start start = since.isPresent() ? new ReaderSpec.Start.Since(since.get()) : new ReaderSpec.Start.Earliest();
        Instant end = until.orElse(Instant.MAX);
        if (output.isEmpty()) {
            if (caller.isTerminal()) {
                throw Refusal.usage("An archive is nothing for a terminal: give --output=FILE, or send it to a file or a program.");
            }
            return export(log, start, end, caller, new Unclosed(caller.out()), "");
        }
        Path file = EventFiles.path(caller, output.get());
        if (Files.exists(file)) {
            throw new Refusal(Screen.line(file + " is there already: give another name, or move it away."));
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (OutputStream out = packed(file, Files.newOutputStream(part))) {
                export(log, start, end, caller, out, " into " + file);
            }
            Files.move(part, file);
            return 0;
        } catch (FileSystemException e) {
            throw new Refusal(Screen.line("The archive cannot be written: " + e.getFile() + ": "
                    + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason())), e);
        } catch (IOException e) {
            throw new Refusal(Screen.line("The archive cannot be written: " + e.getMessage()), e);
        } finally {
            delete(part);
        }
    }

    private static void delete(Path part) throws Refusal {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new Refusal("What there is of the archive cannot be removed: " + part, e);
        }
    }

    private static OutputStream packed(Path file, OutputStream out) throws IOException {
        String name = file.getFileName().toString();
        OutputStream buffered = new BufferedOutputStream(out, BUFFER);
        if (name.endsWith("gz")) {
            return new GZIPOutputStream(buffered, BUFFER);
        }
        return name.endsWith("bz2") ? new BZip2CompressorOutputStream(buffered) : buffered;
    }

    private static int export(EventLog log, ReaderSpec.Start start, Instant end, Caller caller, OutputStream out, String where)
            throws Refusal, InterruptedException {
        long events = 0;
        try (ProgressLine progress = new ProgressLine(caller);
                EventReader reader = log.open(ReaderSpec.from(start));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            long last = log.latest();
            long first = reader.place();
            long place = first;
            for (List<BrokerEvent> batch = reader.poll(BATCH, BATCH_BYTES); !batch.isEmpty() && place < last;
                    batch = reader.poll(BATCH, BATCH_BYTES)) {
                for (BrokerEvent event : batch) {
                    place = event.sequence();
                    if (place <= last && event.receivedAt().isBefore(end)) {
                        write(event, tar);
                        events++;
                    }
                }
                long at = place;
                progress.show(at - first, last - first);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            tar.finish();
            progress.clear();
            caller.err().println(Screen.count(events, "event") + " exported" + Screen.line(where) + ".");
            return 0;
        } catch (ClosedByInterruptException | InterruptedIOException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + e.getCause().getMessage(), e);
        } catch (IOException e) {
            throw new Refusal(Screen.line("The archive cannot be written: " + e.getMessage()), e);
        }
    }

    private static void write(BrokerEvent event, TarArchiveOutputStream tar) throws IOException {
        ByteBuffer content = event.content();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        TarArchiveEntry entry = new TarArchiveEntry(name(event));
        entry.setSize(bytes.length);
        entry.setModTime(Date.from(event.receivedAt()));
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** {@code events/000000000042_nasa.gsfc.gcn_SWIFT_BAT_Lightcurve_532871-729.xml}. */
    private static String name(BrokerEvent event) {
        String identifier = event.header().identifier().orElse("").replaceFirst("^ivo://", "").replaceAll("[^A-Za-z0-9.+-]+", "_");
        return "events/%012d".formatted(event.sequence())
                + (identifier.isEmpty() ? "" : "_" + identifier.substring(0, Math.min(identifier.length(), MAX_NAME))) + ".xml";
    }

    /** A date, or a date and time; UTC unless it says otherwise. */
    static Instant time(String option, String text) throws Refusal {
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)") ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw Refusal.usage(option + " takes a time such as 2026-03-20 or 2026-03-20T12:00, in UTC, not \"" + Screen.line(text) + "\".");
        }
    }

    /** The caller's output goes on behind the archive. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
