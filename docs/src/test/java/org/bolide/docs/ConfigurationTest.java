package org.bolide.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code docs/configuration.md} has a section for each PID: {@code ## `PID`}, a table with a row for each key, and an
 * example. The READMEs of the bundles have a row for each key, with its default. Both say what Metatype says.
 */
class ConfigurationTest {

    private static final Path PAGE = Documents.DOCS.resolve("configuration.md");
    private static final Map<String, Metatype.Definition> DEFINITIONS = Metatype.definitions();

    static Collection<Metatype.Definition> definitions() {
        return DEFINITIONS.values();
    }

    @Test
    void shouldHaveASectionForEachPid() {
        assertEquals(String.join("\n", DEFINITIONS.keySet()),
                sections().keySet().stream().sorted().collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void shouldHaveATableOfAllKeys(Metatype.Definition definition) {
        String expected = definition.keys().stream().map(Metatype.Key::row).map(ConfigurationTest::row)
                .collect(Collectors.joining("\n"));

        assertEquals(expected, rows(section(definition)).stream().map(ConfigurationTest::row).collect(Collectors.joining("\n")),
                "the table of " + definition.pid() + " in " + PAGE);
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void shouldShowAnExampleOfAFile(Metatype.Definition definition) {
        Matcher example = Pattern.compile("(?ms)^`etc/(\\S+)`:\\n+```\\w+[^\\n]*\\n(.*?)^```$").matcher(section(definition));
        assertTrue(example.find(), "no example of " + definition.file() + " in " + PAGE);
        assertTrue(example.group(1).matches(Pattern.quote(definition.file()).replace("NAME", "\\E[\\w-]+\\Q")),
                example.group(1) + " should be a " + definition.file());

        Matcher key = Pattern.compile(definition.factory() ? "(?m)^ +\"([\\w.]+)\": " : "(?m)^#? ?([\\w.]+) = ").matcher(example.group(2));
        List<String> known = definition.keys().stream().map(Metatype.Key::id).toList();
        while (key.find()) {
            assertTrue(known.contains(key.group(1)), example.group(1) + " has the key " + key.group(1) + "; known are " + known);
        }
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void shouldHaveEachKeyInTheReadmeOfItsBundle(Metatype.Definition definition) {
        String readme = Documents.text(definition.bundle().resolve("README.md"));
        assertTrue(readme.contains(definition.pid()), definition.bundle() + "/README.md does not name " + definition.pid());
        List<List<String>> rows = rows(readme);
        for (Metatype.Key key : definition.keys()) {
            assertTrue(rows.stream().anyMatch(row -> row.get(0).equals("`" + key.id() + "`")
                            && plain(row.get(1)).equals(plain(key.defaultValue()))),
                    definition.bundle() + "/README.md has no row for " + key.id() + " with the default " + key.defaultValue());
        }
    }

    private static String section(Metatype.Definition definition) {
        return sections().getOrDefault(definition.pid(), "");
    }

    private static Map<String, String> sections() {
        Map<String, String> sections = new LinkedHashMap<>();
        for (String part : Documents.text(PAGE).split("(?m)^##+ ")) {
            Matcher heading = Pattern.compile("(?s)^[^\\n`]*`([\\w.]+)`\\n(.*)").matcher(part);
            if (heading.matches()) {
                sections.put(heading.group(1), heading.group(2));
            }
        }
        return sections;
    }

    /** The cells of each row whose first cell is a key. */
    private static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : text.lines().filter(line -> line.startsWith("| `")).toList()) {
            rows.add(List.of(line.substring(1, line.lastIndexOf('|')).split("\\|", -1)).stream().map(String::strip).toList());
        }
        return rows;
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String plain(String cell) {
        return cell.replace("`", "").replace("[]", "").replace("required", "");
    }
}
