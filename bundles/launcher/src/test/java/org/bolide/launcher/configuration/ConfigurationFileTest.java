package org.bolide.launcher.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConfigurationFileTest {

    @TempDir
    private Path folder;

    private ConfigurationFile read(String name, String content) throws IOException {
        return ConfigurationFile.read(
                Files.writeString(folder.resolve(name), content), variable -> variable.equals("place") ? "/there" : null);
    }

    @Test
    void shouldReadJsonWithComments() throws IOException {
        ConfigurationFile file = read("a.b~c.cfg.json", """
                // what it is
                {
                  "port": 8098, "share": 0.5, "on": true, /* why */
                  "filters": ["//a[@b=\\"c, d\\"]", "https://x"] // two
                }
                """);
        assertEquals("a.b~c", file.id());
        assertEquals("a.b", file.pid());
        assertEquals(Map.of("port", 8098L, "share", 0.5, "on", true, "filters", List.of("//a[@b=\"c, d\"]", "https://x")), file.values());
    }

    @Test
    void shouldReadProperties() throws IOException {
        ConfigurationFile file = read("a.b.cfg", "# why\nfolder = ${place}/x\nname = Größe\nlong = a, \\\n  b\n");
        assertEquals("a.b", file.id());
        assertEquals(Map.of("folder", "/there/x", "name", "Größe", "long", "a, b"), file.values());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ \"a\": 1 | is not JSON: End of input at line 1 column",
        "{ \"a\": } | is not JSON: Expected value at line 1 column",
        "[1] | is not JSON: Expected BEGIN_OBJECT but was BEGIN_ARRAY at line 1 column",
        "{ \"a\": 1, \"a\": 2 } | has the key \"a\" twice",
        "{ \"a\": { \"b\": 1 } } | has an object inside an object at $.a",
        "{ \"a\": null } | lacks a value at $.a",
        "{} {} | goes on after the closing brace",
    })
    void shouldSayWhereJsonIsWrong(String json, String message) {
        IOException e = assertThrows(IOException.class, () -> read("a~b.cfg.json", json));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNotUtf8() throws IOException {
        Path file = folder.resolve("a.cfg");
        Files.write(file, "a = \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("is not UTF-8", assertThrows(IOException.class, () -> ConfigurationFile.read(file, v -> null)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.cfg.json.example", "README", "a.cfg~", ".a.cfg.swp", "a.properties"})
    void shouldLeaveOtherFilesAlone(String name) {
        assertEquals(Optional.empty(), ConfigurationFile.name(Path.of(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "org.bolide.x.cfg, true", "org.bolide.x-y.cfg, true", "org.bolide.x~y.json, true", "com.example.x~y.cfg.json, true",
        "com.example.x.cfg, false", "org.apache.karaf.features.cfg, false", "config.properties, false",
        "org.bolide.x~y.cfg.json.example, false",
    })
    void shouldKnowWhichFilesAreRead(String name, boolean ours) {
        assertEquals(ours, EtcFolders.isOurs(Path.of("etc", name)));
    }

    @Test
    void shouldPreferTheBasesFiles() throws IOException {
        Path installation = Files.createDirectories(folder.resolve("i"));
        Path base = Files.createDirectories(folder.resolve("b"));
        Files.writeString(installation.resolve("org.bolide.x.cfg"), "");
        Files.writeString(installation.resolve("org.bolide.y.cfg"), "");
        Files.writeString(base.resolve("org.bolide.y.cfg"), "");
        assertEquals(List.of(installation.resolve("org.bolide.x.cfg"), base.resolve("org.bolide.y.cfg")),
                EtcFolders.files(installation, base));
    }
}
