package org.bolide.vocabulary.xml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.MalformedEventException;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.bolide.vocabulary.xml.Vocabularies.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files of schemas that come, change, break and go while events are read. */
class LiveSchemaTest {

    private static final String NONE = "No schema of this vocabulary is in force";

    @TempDir
    Path base;
    private final CapturedLog log = new CapturedLog();
    private final Vocabularies.Draft draft = new Vocabularies.Draft().roots("{urn:e}Event").asEnvelope().schemas("types");
    private Path types;

    @BeforeEach
    void makeTheFolder() throws IOException {
        types = Files.createDirectory(base.resolve("types"));
    }

    @AfterEach
    void giveBackTheLog() {
        log.close();
    }

    @Test
    void shouldTakeWhatIsNewChangedAndRemoved() throws Exception {
        write("A.xsd", schema("A", "xs:int"));
        XmlVocabulary vocabulary = draft.open(base);
        assertGood(vocabulary, "<A>1</A>");
        assertFault(vocabulary, "<B>1</B>", "B");

        write("B.xsd", schema("B", "xs:int"));
        look(vocabulary);
        assertGood(vocabulary, "<A>1</A>");
        assertGood(vocabulary, "<B>1</B>");

        write("A.xsd", schema("A", "xs:boolean"));
        look(vocabulary);
        assertFault(vocabulary, "<A>2</A>", "boolean");
        assertGood(vocabulary, "<A>true</A>");

        Files.delete(types.resolve("A.xsd"));
        look(vocabulary);
        assertFault(vocabulary, "<A>true</A>", "A");
        assertGood(vocabulary, "<B>1</B>");
        assertTrue(log.text().contains("vocabulary.test: 1 schema file is in force, events may hold [A]"), log::text);
        assertTrue(log.text().contains("types/B.xsd is new; 2 schema files are in force, events may hold [A, B]"), log::text);
        assertTrue(log.text().contains("types/A.xsd is changed; "), log::text);
        assertTrue(log.text().contains("types/A.xsd is gone; "), log::text);
    }

    @Test
    void shouldKeepTheOldVersionOfABrokenFileAndTakeTheOthers() throws Exception {
        write("A.xsd", schema("A", "xs:int"));
        XmlVocabulary vocabulary = draft.open(base);
        write("A.xsd", schema("A", "xs:integr"));
        write("B.xsd", schema("B", "xs:int"));
        write("C.xsd", "<xs:schema");
        write("D.xsd", "<book/>");
        look(vocabulary);
        assertGood(vocabulary, "<A>1</A>");
        assertGood(vocabulary, "<B>1</B>");
        assertTrue(log.text().matches("(?s).*ERROR.* types/A.xsd: line 2, column \\d+: .*xs:integr.* \\(refused; its last good version stays in force\\).*"), log::text);
        assertTrue(log.text().matches("(?s).*types/C.xsd: not well-formed XML: line 1, column \\d+: .* \\(refused; nothing of it is in force\\).*"), log::text);
        assertTrue(log.text().matches("(?s).*types/D.xsd: line 1, column \\d+: this is no XML Schema.*"), log::text);

        int said = log.lines().size();
        look(vocabulary);
        Files.delete(types.resolve("D.xsd"));
        look(vocabulary);
        assertEquals(said, log.lines().size(), log::text);

        write("A.xsd", schema("A", "xs:boolean"));
        write("C.xsd", schema("C", "xs:int"));
        look(vocabulary);
        assertGood(vocabulary, "<A>true</A>");
        assertGood(vocabulary, "<C>1</C>");
    }

    @Test
    void shouldBeginWithoutTheBrokenFile() throws Exception {
        write("A.xsd", schema("A", "xs:nothing"));
        write("B.xsd", schema("B", "xs:int"));
        XmlVocabulary vocabulary = draft.open(base);
        assertGood(vocabulary, "<B>1</B>");
        assertFault(vocabulary, "<A>1</A>", "A");
    }

    @Test
    void shouldRefuseEventsWhileNoSchemaIsInForce() throws Exception {
        XmlVocabulary vocabulary = draft.open(base);
        assertFault(vocabulary, "<A>1</A>", NONE);
        write("A.xsd", "<xs:sch");
        look(vocabulary);
        assertFault(vocabulary, "<A>1</A>", NONE);
        write("A.xsd", schema("A", "xs:int"));
        look(vocabulary);
        assertGood(vocabulary, "<A>1</A>");
        Files.delete(types.resolve("A.xsd"));
        look(vocabulary);
        assertFault(vocabulary, "<A>1</A>", NONE);
        assertTrue(log.text().contains("WARN") && log.text().contains("no schema is in force; until there is one, events of authors are refused"), log::text);
    }

    @Test
    void shouldWaitUntilAFileIsWrittenWhole() throws Exception {
        write("A.xsd", schema("A", "xs:int"));
        XmlVocabulary vocabulary = draft.open(base);
        String whole = schema("A", "xs:boolean");
        for (int length = 10; length < whole.length(); length += 40) {
            write("A.xsd", whole.substring(0, length));
            vocabulary.look();
        }
        write("A.xsd", whole);
        vocabulary.look();
        assertGood(vocabulary, "<A>1</A>");
        assertFault(vocabulary, "<A>true</A>", "true");
        vocabulary.look();
        assertGood(vocabulary, "<A>true</A>");
        assertTrue(!log.text().contains("ERROR"), log::text);
    }

    @Test
    void shouldKeepAllWhenWhatIsMissingIsNeeded() throws Exception {
        write("lib/T.xsd", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:e'>"
                + "<xs:simpleType name='T'><xs:restriction base='xs:int'/></xs:simpleType></xs:schema>");
        write("A.xsd", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:e' xmlns:t='urn:e'>\n"
                + "<xs:include schemaLocation='lib/T.xsd'/><xs:element name='A' type='t:T'/></xs:schema>");
        XmlVocabulary vocabulary = draft.open(base);
        assertGood(vocabulary, "<A>1</A>");
        Files.delete(types.resolve("lib/T.xsd"));
        look(vocabulary);
        assertGood(vocabulary, "<A>1</A>");
        assertTrue(log.text().contains("types/A.xsd: line 2, column 41: it refers to lib/T.xsd, which is not among"), log::text);
    }

    @Test
    void shouldKeepAllWhenAnOldFileClashesWithANewOne() throws Exception {
        write("Z.xsd", schema("Z", "xs:int"));
        XmlVocabulary vocabulary = draft.open(base);
        write("A.xsd", schema("Z", "xs:boolean"));
        look(vocabulary);
        assertGood(vocabulary, "<Z>1</Z>");
        assertTrue(log.text().contains("ERROR"), log::text);
        Files.delete(types.resolve("A.xsd"));
        write("B.xsd", schema("B", "xs:int"));
        look(vocabulary);
        assertGood(vocabulary, "<B>1</B>");
    }

    @Test
    void shouldTakeAFolderAndAFileThatComeLater() throws Exception {
        draft.schemas("later", "single.xsd");
        XmlVocabulary vocabulary = draft.open(base);
        assertFault(vocabulary, "<A>1</A>", NONE);
        assertTrue(log.text().contains("WARN") && log.text().contains("vocabulary.test: later, which the key schemas in etc/org.bolide.vocabulary.xml~test.cfg.json names, is not there"), log::text);
        write("../later/A.xsd", schema("A", "xs:int"));
        write("../single.xsd", schema("B", "xs:int"));
        write("../later/.hidden.xsd", "an editor's");
        write("../later/notes.txt", "not for us");
        look(vocabulary);
        assertGood(vocabulary, "<A>1</A>");
        assertGood(vocabulary, "<B>1</B>");
        assertTrue(!log.text().contains("ERROR"), log::text);
    }

    @Test
    void shouldKeepTheLastGoodVersionsOverNewSettings() throws Exception {
        write("A.xsd", schema("A", "xs:int"));
        XmlVocabulary vocabulary = draft.open(base);
        write("A.xsd", "<xs:schema");
        look(vocabulary);
        XmlVocabulary next = new XmlVocabulary("vocabulary.test", draft.identifier("*").settings(base), Optional.of(vocabulary), base, new LongAdder());
        next.use(new JdkXPath());
        next.load();
        assertEquals(List.of(), read(next, "<Event xmlns='urn:e'><A>1</A></Event>").faults());
        assertEquals(Optional.of("1"), read(next, "<Event xmlns='urn:e'><A>1</A></Event>").header().identifier());
    }

    @Test
    void shouldSayWhenNoSchemaDeclaresARoot() throws Exception {
        write("A.xsd", schema("A", "xs:int"));
        XmlVocabulary vocabulary = new Vocabularies.Draft().roots("{urn:e}A", "{urn:e}B").schemas("types").open(base);
        assertTrue(log.text().contains("no schema declares the root element [{urn:e}B]"), log::text);
        assertEquals(List.of(), read(vocabulary, "<A xmlns='urn:e'>1</A>").faults());
        assertEquals(1, read(vocabulary, "<B xmlns='urn:e'>1</B>").faults().size());
    }

    /** A file counts when it has looked the same twice. */
    private static void look(XmlVocabulary vocabulary) {
        vocabulary.look();
        vocabulary.look();
    }

    private void write(String name, String content) throws IOException {
        Path file = types.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String schema(String element, String type) {
        return "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:e'>\n<xs:element name='" + element + "' type='" + type
                + "'/></xs:schema>";
    }

    private static void assertGood(XmlVocabulary vocabulary, String content) throws MalformedEventException {
        assertEquals(List.of(), read(vocabulary, "<e:Event xmlns:e='urn:e'>" + content.replace("<", "<e:").replace("<e:/", "</e:") + "</e:Event>").faults());
    }

    private static void assertFault(XmlVocabulary vocabulary, String content, String about) throws MalformedEventException {
        List<String> faults = read(vocabulary, "<e:Event xmlns:e='urn:e'>" + content.replace("<", "<e:").replace("<e:/", "</e:") + "</e:Event>").faults();
        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.get(0).contains(about), faults::toString);
    }
}
