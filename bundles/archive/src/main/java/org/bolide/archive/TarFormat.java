package org.bolide.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.bolide.api.BrokerEvent;

/**
 * A tar archive (POSIX.1-2001) of the events' bytes, as {@code bolide export} writes it. Its last file {@code events/.complete} says how
 * many there are: tar itself does not notice an archive that ends between two files. Whoever reads the archive as events passes it by,
 * as a hidden file and by its name.
 */
final class TarFormat implements ExportFormat {

    private static final int MAX_NAME = 60;

    private final TarArchiveOutputStream tar;

    TarFormat(OutputStream out) {
        tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    @Override
    public void event(BrokerEvent event) throws IOException {
        file(name(event), PacketText.bytes(event), event.receivedAt());
    }

    @Override
    public void end(long events) throws IOException {
        file("events/.complete", (events + " events\n").getBytes(StandardCharsets.US_ASCII), Instant.now());
        tar.finish();
        tar.flush();
    }

    private void file(String name, byte[] bytes, Instant time) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setModTime(Date.from(time));
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
}
