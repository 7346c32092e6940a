package org.bolide.launcher.karaf;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.launcher.Fixture;
import org.bolide.launcher.configuration.RunFile;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConfigurationFilesTest {

    private static final String STORE = "org.bolide.eventstore";
    private static final String RECEIVER = "org.bolide.transport.receiver~public";

    @TempDir
    private Path folder;

    private Path etc;
    private final MemoryConfigurations configurations = new MemoryConfigurations();
    private final List<ComponentConfigurationDTO> components = new ArrayList<>();
    private final ServiceComponentRuntime runtime = MemoryConfigurations.runtime(components);
    private final List<Bundle> bundles = new ArrayList<>(List.of(bundle(Fixture.class.getResource("metatype.xml"))));

    @BeforeEach
    void makeFolders() throws IOException {
        etc = Files.createDirectories(folder.resolve("base/etc"));
        Files.createDirectories(folder.resolve("home/etc"));
    }

    private static Bundle bundle(URL metatype) {
        return MemoryConfigurations.proxy(Bundle.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getEntryPaths" -> Collections.enumeration(List.of("OSGI-INF/metatype/x.xml"));
            case "getEntry" -> metatype;
            case "getSymbolicName" -> "test";
            case "hashCode" -> 1;
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private Optional<RunFile.Errand> errand = Optional.empty();

    private ConfigurationFiles start(Map<String, Map<String, Object>> settings) throws IOException {
        BundleContext context = MemoryConfigurations.proxy(BundleContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getProperty" -> switch ((String) arguments[0]) {
                case "karaf.home" -> folder.resolve("home").toString();
                case "karaf.base" -> folder.resolve("base").toString();
                default -> null;
            };
            case "getBundles" -> bundles.toArray(Bundle[]::new);
            case "addBundleListener", "removeBundleListener" -> null;
            default -> throw new UnsupportedOperationException(method.toString());
        });
        return new ConfigurationFiles(
                context, configurations.admin(), runtime, new RunFile(settings, List.of("a note"), List.of(), Optional.empty(), errand));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(etc.resolve(name), content);
    }

    @Test
    void shouldLeaveOutWhatARunForACommandShallNotHave() throws IOException {
        file(STORE + ".cfg", "keepDays = 7\n");
        errand = Optional.of(new RunFile.Errand(List.of(STORE), 1));
        start(Map.of());
        assertEquals(Map.of(), configurations.byPid);
    }

    @Test
    void shouldApplyFilesAndOptionsAtOnce() throws IOException {
        file(STORE + ".cfg", "directory = y\nkeepDays = 7\n");
        file(RECEIVER + ".cfg.json", "{ \"port\": 1, \"allow\": [\"a\"] }");
        start(Map.of(STORE, Map.of("directory", "/x"), "org.bolide.transport.subscription~r", Map.of("host", "r", "port", 9L)));
        assertEquals(Map.of(
                STORE, Map.of("directory", "/x", "keepDays", 7),
                RECEIVER, Map.of("port", 1, "allow", List.of("a")),
                "org.bolide.transport.subscription~r", Map.of("host", "r", "port", 9)), configurations.byPid);
    }

    @Test
    void shouldKeepWhatWasGoodWhenAnEditIsBad() throws IOException {
        Path path = file(RECEIVER + ".cfg.json", "{ \"port\": 1 }");
        ConfigurationFiles files = start(Map.of());
        for (String bad : List.of("{ \"port\": 70000 }", "{ \"prot\": 2 }", "{ \"port\": ")) {
            Files.writeString(path, bad);
            try (CapturedLog log = new CapturedLog()) {
                files.update(path.toFile());
                assertTrue(log.text().contains("ERROR"), log.text());
                assertTrue(log.text().contains("etc/" + RECEIVER + ".cfg.json: "), log.text());
                assertTrue(log.text().contains("(refused; what was in force stays in force)"), log.text());
            }
            assertEquals(Map.of("port", 1), configurations.byPid.get(RECEIVER));
        }
        Files.writeString(path, "{ \"port\": 2 }");
        files.update(path.toFile());
        assertEquals(Map.of("port", 2), configurations.byPid.get(RECEIVER));
    }

    @Test
    void shouldNotApplyANewFileThatIsBad() throws IOException {
        ConfigurationFiles files = start(Map.of());
        Path path = file(RECEIVER + ".cfg.json", "{ \"port\": \"x\" }");
        Path misnamed = file("org.bolide.transport.receiver-public.cfg", "port = 1\n");
        try (CapturedLog log = new CapturedLog()) {
            files.install(path.toFile());
            files.install(misnamed.toFile());
            assertTrue(log.text().contains("\"port\" must be a whole number from 0 to 65535, not \"x\" (refused; nothing of it is in force)"),
                    log.text());
            assertTrue(log.text().contains("call it " + RECEIVER + ".cfg.json"), log.text());
        }
        assertEquals(Map.of(), configurations.byPid);
        assertTrue(Files.exists(path));
    }

    @Test
    void shouldLetOptionsWinAfterAnEditToo() throws IOException {
        Path path = file(STORE + ".cfg", "keepDays = 7\n");
        ConfigurationFiles files = start(Map.of(STORE, Map.of("directory", "/x")));
        Files.writeString(path, "directory = z\nkeepDays = 8\n");
        files.update(path.toFile());
        assertEquals(Map.of("directory", "/x", "keepDays", 8), configurations.byPid.get(STORE));
    }

    @Test
    void shouldChangeNothingWhereNothingChanged() throws IOException {
        Path path = file(STORE + ".cfg", "keepDays = 7\n");
        ConfigurationFiles files = start(Map.of());
        files.install(path.toFile());
        Files.writeString(path, "# a comment\nkeepDays = 7\n");
        files.update(path.toFile());
        assertEquals(1, configurations.changes.get(STORE));
    }

    @Test
    void shouldBeginAnewWhatHadFailedToStart() throws IOException {
        Path path = file(RECEIVER + ".cfg.json", "{ \"port\": 1 }");
        Path store = file(STORE + ".cfg", "keepDays = 7\n");
        ConfigurationFiles files = start(Map.of());
        components.add(MemoryConfigurations.component(RECEIVER, ComponentConfigurationDTO.FAILED_ACTIVATION));
        components.add(MemoryConfigurations.component(STORE, ComponentConfigurationDTO.ACTIVE));
        List<String> deleted = new ArrayList<>();
        configurations.onDelete = pid -> {
            deleted.add(pid);
            components.removeIf(component -> component.properties.get("service.pid").equals(pid));
        };
        // Saved again without a change: the port may be free by now.
        files.update(path.toFile());
        Files.writeString(store, "keepDays = 8\n");
        files.update(store.toFile());
        assertEquals(List.of(RECEIVER), deleted, "what runs is told, not begun anew");
        assertEquals(Map.of("port", 1), configurations.byPid.get(RECEIVER));
        assertEquals(2, configurations.changes.get(RECEIVER));
    }

    @Test
    void shouldEndWhatARemovedFileConfigured() throws IOException {
        Path path = file(RECEIVER + ".cfg.json", "{ \"port\": 1 }");
        Path store = file(STORE + ".cfg", "keepDays = 7\n");
        ConfigurationFiles files = start(Map.of(STORE, Map.of("directory", "/x")));
        Files.delete(path);
        files.uninstall(path.toFile());
        assertFalse(configurations.byPid.containsKey(RECEIVER));
        Files.delete(store);
        files.uninstall(store.toFile());
        assertEquals(Map.of("directory", "/x"), configurations.byPid.get(STORE));
    }

    @Test
    void shouldFallBackOnTheInstallationsFile() throws IOException {
        Files.writeString(folder.resolve("home/etc").resolve(STORE + ".cfg"), "keepDays = 3\n");
        Path own = file(STORE + ".cfg", "keepDays = 4\n");
        ConfigurationFiles files = start(Map.of());
        assertEquals(Map.of("keepDays", 4), configurations.byPid.get(STORE));
        Files.delete(own);
        files.uninstall(own.toFile());
        assertEquals(Map.of("keepDays", 3), configurations.byPid.get(STORE));
    }

    @Test
    void shouldApplyAFileWhenItsBundleComes() throws IOException {
        Bundle late = bundles.remove(0);
        file(RECEIVER + ".cfg.json", "{ \"port\": 1 }");
        ConfigurationFiles files = start(Map.of());
        assertEquals(Map.of(), configurations.byPid);
        files.bundleChanged(new BundleEvent(BundleEvent.RESOLVED, late));
        assertEquals(Map.of("port", 1), configurations.byPid.get(RECEIVER));
    }

    @Test
    void shouldPassOnWhatOthersDefine() throws IOException {
        file("com.example.tell~a.cfg.json", "{ \"loudness\": 11, \"names\": [\"a\", \"b\"] }");
        start(Map.of());
        assertEquals(Map.of("loudness", 11L, "names", List.of("a", "b")), configurations.byPid.get("com.example.tell~a"));
    }
}
