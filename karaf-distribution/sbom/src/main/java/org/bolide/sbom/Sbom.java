package org.bolide.sbom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;

/**
 * Writes the bill of materials of an unpacked archive, in the CycloneDX format: each jar of {@code system} and {@code lib} by its
 * Maven coordinates, and in it, by its manifest header {@code Embedded-Artifacts}, what it carries inside.
 */
public final class Sbom {

    /** {@code name;g="group";a="artifact";v="version", …}, as other tools for bundles write it. */
    static final String EMBEDDED = "Embedded-Artifacts";

    private Sbom() {}

    /** @param arguments the archive, unpacked; its version; the file to write */
    public static void main(String[] arguments) throws IOException, GeneratorException {
        Bom bom = of(Path.of(arguments[0]), arguments[1]);
        String text = BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
        Path file = Path.of(arguments[2]);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        System.out.println(file.getFileName() + " lists " + bom.getComponents().size() + " jars");
    }

    static Bom of(Path archive, String version) throws IOException {
        Bom bom = new Bom();
        Metadata metadata = new Metadata();
        metadata.setComponent(component("org.bolide", "bolide", version, Component.Type.APPLICATION));
        bom.setMetadata(metadata);
        Path system = archive.resolve("system");
        for (Path jar : jars(system)) {
            Path path = system.relativize(jar);
            int names = path.getNameCount();
            String group = path.subpath(0, names - 3).toString().replace('/', '.');
            bom.addComponent(described(jar, component(group, path.getName(names - 3).toString(), path.getName(names - 2).toString(), Component.Type.LIBRARY)));
        }
        for (Path jar : jars(archive.resolve("lib"))) {
            Component component = ofLib(jar);
            // One of them is in system, too.
            if (bom.getComponents().stream().noneMatch(other -> other.getPurl().equals(component.getPurl()))) {
                bom.addComponent(described(jar, component));
            }
        }
        return bom;
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** Karaf names these {@code artifact-version.jar}; the group stands inside, where the build that made it was Maven's. */
    private static Component ofLib(Path jar) throws IOException {
        String file = jar.getFileName().toString();
        String name = file.substring(0, file.length() - ".jar".length());
        int dash = name.replaceFirst("-(?=\\d).*", "").length();
        String artifact = name.substring(0, dash);
        try (JarFile content = new JarFile(jar.toFile())) {
            String group = content.stream().map(JarEntry::getName)
                    .filter(entry -> entry.startsWith("META-INF/maven/") && entry.endsWith("/" + artifact + "/pom.properties"))
                    .map(entry -> entry.split("/")[2]).findFirst().orElse("org.osgi");
            return component(group, artifact, name.substring(Math.min(dash + 1, name.length())), Component.Type.LIBRARY);
        }
    }

    private static Component described(Path jar, Component component) throws IOException {
        component.addHash(new Hash(Hash.Algorithm.SHA_256, sha256(jar)));
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest != null) {
                Attributes headers = manifest.getMainAttributes();
                component.setDescription(headers.getValue("Bundle-Description"));
                for (Component inside : embedded(headers)) {
                    inside.setBomRef(component.getPurl() + "!" + inside.getPurl());
                    component.addComponent(inside);
                }
            }
        }
        return component;
    }

    /** What a jar says that it carries inside. */
    static List<Component> embedded(Attributes headers) {
        List<Component> inside = new ArrayList<>();
        String header = headers.getValue(EMBEDDED);
        if (header != null) {
            for (Clause clause : Parser.parseHeader(header)) {
                inside.add(component(clause.getAttribute("g"), clause.getAttribute("a"), clause.getAttribute("v"), Component.Type.LIBRARY));
            }
        }
        return inside;
    }

    private static Component component(String group, String name, String version, Component.Type type) {
        Component component = new Component();
        component.setType(type);
        component.setGroup(group);
        component.setName(name);
        component.setVersion(version);
        component.setPurl("pkg:maven/" + group + "/" + name + "@" + version);
        component.setBomRef(component.getPurl());
        return component;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
