package org.bolide.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import static java.util.stream.Collectors.joining;

/** Makes jars that tests drop into deploy/: a bundle with one component, which runs where a configuration of its PID exists. */
public final class ComponentJar {
    private static final Set<String> LIFE = Set.of("activate", "modified", "deactivate");

    private ComponentJar() { }

    /**
     * Writes the jar in one step.
     *
     * @param type the component; what it has of activate, modified and deactivate is called; it is a service of its interfaces
     * @param name the bundle's name and the component's PID
     * @param version the bundle's, and the component's property of that name
     */
    public static void write(Path file, Class<?> type, String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "org.bolide.api, org.slf4j");
        main.putValue("Service-Component", "OSGI-INF/component.xml");
        Path partial = Files.createTempFile(file.getParent().getParent(), name, ".part");
        try (OutputStream out = Files.newOutputStream(partial); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("OSGI-INF/component.xml"));
            jar.write(description(type, name, version).getBytes(StandardCharsets.UTF_8));
            String entry = type.getName().replace('.', '/') + ".class";
            jar.putNextEntry(new ZipEntry(entry));
            try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
                in.transferTo(jar);
            }
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String description(Class<?> type, String name, String version) {
        String life = Stream.of(type.getDeclaredMethods()).map(Method::getName).filter(LIFE::contains)
                .map(method -> " " + method + "='" + method + "'").collect(joining());
        String services = Stream.of(type.getInterfaces()).map(service -> "<provide interface='" + service.getName() + "'/>").collect(joining());
        return "<component xmlns='http://www.osgi.org/xmlns/scr/v1.3.0' name='" + name + "' immediate='true' configuration-policy='require'" + life
                + "><implementation class='" + type.getName() + "'/><property name='version' value='" + version + "'/>"
                + (services.isEmpty() ? "" : "<service>" + services + "</service>") + "</component>";
    }
}
