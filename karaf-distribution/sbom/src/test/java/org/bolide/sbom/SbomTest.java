package org.bolide.sbom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.cyclonedx.Version;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The bill is right: what the archive has is on it, and what is on it is in the archive. */
class SbomTest {

    private static final Path ASSEMBLY = Path.of(System.getProperty("bolide.assembly"));
    private static final Path REPOSITORY = Path.of(System.getProperty("local.repository"));

    private static Bom bom;

    @BeforeAll
    static void make() throws IOException {
        bom = Sbom.of(ASSEMBLY, "1.2.3");
    }

    @Test
    void shouldBeWhatItsFormatSays() throws Exception {
        String text = BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
        assertEquals(List.of(), new JsonParser().validate(text.getBytes(StandardCharsets.UTF_8), Version.VERSION_16));
    }

    @Test
    void shouldListEachJarOnce() throws IOException {
        try (Stream<Path> files = Files.walk(ASSEMBLY)) {
            List<String> jars = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar")).distinct().sorted().toList();
            List<String> listed = bom.getComponents().stream().map(c -> c.getName() + (c.getVersion().isEmpty() ? "" : "-" + c.getVersion()) + ".jar").sorted().toList();
            assertEquals(jars, listed);
            assertFalse(jars.isEmpty());
        }
        assertEquals(List.of(), bom.getComponents().stream().filter(c -> c.getGroup().isBlank()).map(Component::getName).toList());
    }

    /** Each class in our bundles that is not ours is, byte for byte, in one of the artifacts that the bundle says it carries. */
    @Test
    void shouldListWhatIsInsideOurBundles() throws IOException {
        List<String> unlisted = new ArrayList<>();
        int foreign = 0;
        for (Path bundle : ours()) {
            try (JarFile jar = new JarFile(bundle.toFile())) {
                List<Component> inside = Sbom.embedded(jar.getManifest().getMainAttributes());
                List<JarFile> sources = new ArrayList<>();
                for (Component component : inside) {
                    sources.addAll(open(component));
                }
                Set<String> missing = new TreeSet<>();
                for (JarEntry entry : jar.stream().filter(e -> e.getName().endsWith(".class") && !e.getName().startsWith("org/bolide/")).toList()) {
                    foreign++;
                    if (!isIn(sources, jar, entry)) {
                        missing.add(entry.getName().replaceFirst("/[^/]*$", ""));
                    }
                }
                missing.forEach(name -> unlisted.add(bundle.getFileName() + ": " + name));
                for (JarFile source : sources) {
                    source.close();
                }
            }
        }
        assertEquals("", unlisted.stream().collect(Collectors.joining("\n")), "packages that no artifact of the header " + Sbom.EMBEDDED + " (in bnd.bnd) has");
        assertTrue(foreign > 1000, "Saxon alone has more classes than " + foreign);
    }

    private static List<Path> ours() throws IOException {
        try (Stream<Path> files = Files.walk(ASSEMBLY.resolve("system/org/bolide"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    /** The artifact as Maven has it, and those of the same version for one platform alone. */
    private static List<JarFile> open(Component component) throws IOException {
        Path directory = REPOSITORY.resolve(component.getGroup().replace('.', '/')).resolve(component.getName()).resolve(component.getVersion());
        assertTrue(Files.isDirectory(directory), component.getPurl() + " is not what the build used");
        List<JarFile> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jar")).toList()) {
                jars.add(new JarFile(file.toFile()));
            }
        }
        return jars;
    }

    private static boolean isIn(List<JarFile> sources, JarFile bundle, JarEntry entry) throws IOException {
        for (JarFile source : sources) {
            JarEntry same = source.getJarEntry(entry.getName());
            if (same != null && Arrays.equals(bytes(source, same), bytes(bundle, entry))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
