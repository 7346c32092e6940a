package org.bolide.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** The real events of a month, which are other people's and therefore not part of the project. */
final class RealEvents {

    /** The archive, in the folder that the system property {@code bolide.shared.data} names. */
    static final String ARCHIVE = "voevents-2014-04.tar.bz2";

    private static final String VERSION_2 = "\"http://www.ivoa.net/xml/VOEvent/v2.0\"";
    private static final long SEED = 20_140_401;

    /** Six have text between Params, which the schema does not allow: a broker refuses them rightly. */
    private static final Pattern STRAY_TEXT = Pattern.compile("<(?:/Param|/Group|Group[^>]*|Param[^>]*/)>\\s*[^<\\s]");

    private RealEvents() {
    }

    /** The valid ones of version 2.0, which every broker takes, well mixed and in the same order each time. */
    static Events load(Path archive) throws IOException {
        List<byte[]> documents = new ArrayList<>();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new BZip2CompressorInputStream(file, true))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && entry.getName().endsWith(".xml")) {
                    byte[] document = tar.readAllBytes();
                    String text = new String(document, StandardCharsets.ISO_8859_1);
                    if (text.contains(VERSION_2) && !STRAY_TEXT.matcher(text).find()) {
                        documents.add(document);
                    }
                }
            }
        }
        Collections.shuffle(documents, new Random(SEED));
        return new Events("%,d real events of %s".formatted(documents.size(), archive.getFileName()), documents);
    }
}
