package org.bolide.launcher.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import javax.xml.stream.XMLStreamException;

/** Everything that can be configured, by PID. Not thread-safe. */
public final class Definitions {

    /** Where a jar keeps its Metatype. */
    public static final String FOLDER = "OSGI-INF/metatype/";

    private final Map<String, Definition> byPid = new TreeMap<>();

    /** Adds what a Metatype document defines; what was known under the same PIDs is replaced. */
    public List<Definition> add(InputStream document) throws XMLStreamException {
        List<Definition> added = MetatypeReader.read(document);
        added.forEach(definition -> byPid.put(definition.pid(), definition));
        return added;
    }

    /** Adds what a jar defines. */
    public void addJar(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".xml")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        add(in);
                    } catch (XMLStreamException e) {
                        throw new IOException(entry.getName() + ": " + e.getMessage(), e);
                    }
                }
            }
        } catch (IOException e) {
            throw new IOException("cannot read the jar " + jar + ": " + e.getMessage(), e);
        }
    }

    /** Adds what the jars in a folder and below define. A folder that is not there defines nothing. */
    public void addJars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                addJar(jar);
            }
        }
    }

    public Optional<Definition> find(String pid) {
        return Optional.ofNullable(byPid.get(pid));
    }

    /** All definitions in the order of their PIDs. */
    public Collection<Definition> all() {
        return Collections.unmodifiableCollection(byPid.values());
    }

    /** The handlers' definitions. */
    public List<Definition> handlers() {
        return byPid.values().stream().filter(definition -> definition.handler().isPresent()).toList();
    }
}
