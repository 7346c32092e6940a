package org.bolide.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import org.slf4j.LoggerFactory;

/** The component in the jars that tests drop into deploy: it logs what happens to it. Runs where a configuration of its PID exists. */
public final class Probe {
    private String said;

    /** Called by the component runtime. */
    public void activate(Map<String, Object> configuration) {
        said = configuration.get("component.name") + " " + configuration.get("version") + " " + configuration.get("text");
        LoggerFactory.getLogger(Probe.class).info("UP {}", said);
    }

    /** Called by the component runtime. */
    public void modified(Map<String, Object> configuration) {
        LoggerFactory.getLogger(Probe.class).info("CHANGED to {}", configuration.get("text"));
    }

    /** Called by the component runtime. */
    public void deactivate() {
        LoggerFactory.getLogger(Probe.class).info("DOWN {}", said);
    }

    /** Writes, in one step, a bundle with this component; its PID is its name. */
    static void jar(Path file, String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "org.bolide.api, org.slf4j");
        main.putValue("Service-Component", "OSGI-INF/probe.xml");
        Path partial = Files.createTempFile(file.getParent().getParent(), name, ".part");
        try (OutputStream out = Files.newOutputStream(partial); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("OSGI-INF/probe.xml"));
            jar.write(("<component xmlns='http://www.osgi.org/xmlns/scr/v1.3.0' name='" + name + "' immediate='true' activate='activate'"
                    + " modified='modified' deactivate='deactivate' configuration-policy='require'>"
                    + "<implementation class='" + Probe.class.getName() + "'/><property name='version' value='" + version + "'/></component>")
                    .getBytes(StandardCharsets.UTF_8));
            String type = Probe.class.getName().replace('.', '/') + ".class";
            jar.putNextEntry(new ZipEntry(type));
            try (InputStream in = Probe.class.getClassLoader().getResourceAsStream(type)) {
                in.transferTo(jar);
            }
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
