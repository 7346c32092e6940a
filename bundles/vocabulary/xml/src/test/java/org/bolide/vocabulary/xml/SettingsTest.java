package org.bolide.vocabulary.xml;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.xml.namespace.QName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SettingsTest {

    private static final Path BASE = Path.of("/base");

    @Test
    void shouldReadWhatIsRight() {
        Settings settings = new Vocabularies.Draft().roots("{urn:a}A", "B", "{}C").schemas("etc/a", "/x/../y.xsd").prefixes("a=urn:a=b", "é.1=urn:e")
                .identifier("@id").times(" ", "@t").settings(BASE);
        assertEquals(Set.of(new QName("urn:a", "A"), new QName("B"), new QName("C")), settings.roots());
        assertEquals(List.of(Path.of("/base/etc/a"), Path.of("/y.xsd")), settings.schemas());
        assertEquals(Map.of("a", "urn:a=b", "é.1", "urn:e"), settings.prefixes());
        assertEquals(Map.of("identifier", "@id", "observedAt", "@t"), settings.expressions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{urn:a", "{urn:a}", "p:a", "urn:a}b", "{urn a}b", "a b", "<a>", "/a", "//a"})
    void shouldRefuseWhatIsNoRoot(String root) {
        refuses("roots", root, new Vocabularies.Draft().roots("good", root));
    }

    @Test
    void shouldAskForARoot() {
        refuses("roots", "at least one", new Vocabularies.Draft());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a=", "=urn:a", "1a=urn:a", "a b=urn:a", "a=urn a", "xml=urn:a", "xmlns=urn:a", "sky=urn:a", "good=urn:again", "a:b=urn:x"})
    void shouldRefuseWhatIsNoPrefix(String prefix) {
        refuses("prefixes", prefix, new Vocabularies.Draft().roots("a").prefixes("good=urn:good", prefix));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://example.org/a.xsd", "file:///a.xsd", "a\0b"})
    void shouldRefuseSchemasThatAreNoPaths(String schema) {
        refuses("schemas", schema, new Vocabularies.Draft().roots("a").schemas(schema));
    }

    @Test
    void shouldAskForSchemasOfAnEnvelope() {
        refuses("schemas", "an envelope needs", new Vocabularies.Draft().roots("a").asEnvelope());
    }

    private static void refuses(String key, String what, Vocabularies.Draft draft) {
        String why = assertThrows(IllegalArgumentException.class, () -> draft.settings(BASE)).getMessage();
        assertTrue(why.startsWith("etc/org.bolide.vocabulary.xml~test.cfg.json, key " + key + ": ") && why.contains(what), why);
    }
}
