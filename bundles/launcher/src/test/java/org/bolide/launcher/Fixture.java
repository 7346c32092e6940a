package org.bolide.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.xml.stream.XMLStreamException;

import org.bolide.launcher.configuration.Definitions;

/** Definitions like those of the real bundles, as a document and in a jar. */
public final class Fixture {

    private Fixture() {}

    public static InputStream document() {
        return Fixture.class.getResourceAsStream("metatype.xml");
    }

    public static Definitions definitions() {
        Definitions definitions = new Definitions();
        try (InputStream in = document()) {
            definitions.add(in);
        } catch (IOException | XMLStreamException e) {
            throw new AssertionError(e);
        }
        return definitions;
    }

    /** Makes a jar with a Metatype document. */
    public static void jar(Path jar, byte[] metatype) throws IOException {
        Files.createDirectories(jar.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("OSGI-INF/metatype/x.xml"));
            zip.write(metatype);
        }
    }

    /** An installation with all the jars, and nothing configured. */
    public static Path installation(Path home) throws IOException {
        try (InputStream in = document()) {
            jar(home.resolve("system/org/bolide/x/1/x-1.jar"), in.readAllBytes());
        }
        Files.createDirectories(home.resolve("etc"));
        return home;
    }
}
