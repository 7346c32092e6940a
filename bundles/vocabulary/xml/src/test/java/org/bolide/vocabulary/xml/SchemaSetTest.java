package org.bolide.vocabulary.xml;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import javax.xml.namespace.QName;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;

import org.bolide.api.MalformedEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SchemaSetTest {

    private static final QName EVENT = new QName("urn:e", "Event");

    private final SortedMap<Path, Xsd> files = new TreeMap<>();

    @Test
    void shouldPutAnEnvelopeTogetherFromTypesOfSeveralNamespaces() throws Exception {
        add("a.xsd", "urn:e", "<xs:element name='A' type='xs:int'/>");
        add("b.xsd", "urn:e", "<xs:element name='B' type='xs:int'/>");
        add("c.xsd", "urn:c", "<xs:element name='A' type='xs:boolean'/>");
        add("d.xsd", "", "<xs:element name='D' type='xs:int'/>");
        Schema schema = compile(EVENT);
        accepts(schema, "<Event xmlns='urn:e'><A>1</A></Event>");
        accepts(schema, "<e:Event xmlns:e='urn:e'><e:B>1</e:B></e:Event>");
        accepts(schema, "<Event xmlns='urn:e'><A xmlns='urn:c'>true</A></Event>");
        accepts(schema, "<e:Event xmlns:e='urn:e'><D>1</D></e:Event>");
        refuses(schema, "<Event xmlns='urn:e'><A xmlns='urn:c'>2</A></Event>");
        refuses(schema, "<Event xmlns='urn:e'><D>1</D></Event>");
        refuses(schema, "<Event xmlns='urn:e'/>");
        refuses(schema, "<Event xmlns='urn:e'><A>1</A><B>1</B></Event>");
        refuses(schema, "<Event xmlns='urn:e' x='1'><A>1</A></Event>");
    }

    @Test
    void shouldTakeAnEnvelopeInANamespaceOfItsOwnOrInNone() throws Exception {
        add("a.xsd", "urn:a", "<xs:element name='A' type='xs:int'/>");
        accepts(compile(EVENT), "<Event xmlns='urn:e'><A xmlns='urn:a'>1</A></Event>");
        accepts(compile(new QName("Event")), "<Event><A xmlns='urn:a'>1</A></Event>");
        Schema both = compile(EVENT, new QName("Alarm"));
        accepts(both, "<Alarm><A xmlns='urn:a'>1</A></Alarm>");
        accepts(both, "<Event xmlns='urn:e'><A xmlns='urn:a'>1</A></Event>");
    }

    @Test
    void shouldOfferOfAFileTheElementOfItsNameOnly() throws Exception {
        add("A.xsd", "urn:e", "<xs:element name='Part' type='xs:int'/><xs:element name='A'><xs:complexType><xs:sequence>"
                + "<xs:element ref='t:Part'/></xs:sequence></xs:complexType></xs:element>");
        add("several.xsd", "urn:e", "<xs:element name='B' type='xs:int'/><xs:element name='C' type='xs:int'/>");
        Schema schema = compile(EVENT);
        accepts(schema, "<Event xmlns='urn:e'><A><Part>1</Part></A></Event>");
        refuses(schema, "<Event xmlns='urn:e'><Part>1</Part></Event>");
        accepts(schema, "<Event xmlns='urn:e'><B>1</B></Event>");
        accepts(schema, "<Event xmlns='urn:e'><C>1</C></Event>");
    }

    @Test
    void shouldTakeWhatFilesIncludeImportAndRedefine() throws Exception {
        add("lib/types.xsd", "urn:e", "<xs:simpleType name='Small'><xs:restriction base='xs:int'><xs:maxInclusive value='9'/></xs:restriction></xs:simpleType>");
        add("lib/chameleon.xsd", "", "<xs:simpleType name='Big'><xs:restriction base='xs:int'><xs:minInclusive value='10'/></xs:restriction></xs:simpleType>");
        add("other.xsd", "urn:o", "<xs:import namespace='urn:e' schemaLocation='a.xsd'/><xs:element name='O' type='xs:int'/>");
        add("another.xsd", "urn:o", "<xs:element name='P' type='xs:int'/>");
        add("nowhere.xsd", "urn:n", "<xs:import/><xs:element name='N' type='xs:int'/>");
        add("a.xsd", "urn:e", "<xs:include schemaLocation='lib/types.xsd'/><xs:include schemaLocation='./lib/../lib/chameleon.xsd'/>"
                + "<xs:import namespace='urn:o' schemaLocation='other.xsd'/><xs:import namespace='urn:n'/>"
                + "<xs:element name='A'><xs:complexType><xs:sequence><xs:element name='s' type='t:Small'/><xs:element name='b' type='t:Big'/>"
                + "<xs:element xmlns:o='urn:o' ref='o:O'/><xs:element xmlns:o='urn:o' ref='o:P'/><xs:element xmlns:n='urn:n' ref='n:N'/>"
                + "</xs:sequence></xs:complexType></xs:element>");
        add("b.xsd", "urn:e", "<xs:include schemaLocation='lib/types.xsd'/><xs:element name='B' type='t:Small'/>");
        Schema schema = compile(EVENT);
        accepts(schema, "<Event xmlns='urn:e'><A><s>1</s><b>10</b><O xmlns='urn:o'>1</O><P xmlns='urn:o'>1</P><N xmlns='urn:n'>1</N></A></Event>");
        refuses(schema, "<Event xmlns='urn:e'><B>10</B></Event>");
        files.clear();
        add("base.xsd", "urn:e", "<xs:simpleType name='T'><xs:restriction base='xs:int'/></xs:simpleType><xs:element name='R' type='t:T'/>");
        add("new.xsd", "urn:e", "<xs:redefine schemaLocation='base.xsd'><xs:simpleType name='T'><xs:restriction base='t:T'><xs:maxInclusive value='5'/>"
                + "</xs:restriction></xs:simpleType></xs:redefine>");
        refuses(compile(EVENT), "<Event xmlns='urn:e'><R>6</R></Event>");
        accepts(compile(), "<R xmlns='urn:e'>5</R>");
    }

    @Test
    void shouldTakeFilesThatIncludeOneAnother() throws Exception {
        add("a.xsd", "urn:e", "<xs:include schemaLocation='b.xsd'/><xs:element name='A' type='t:TB'/><xs:simpleType name='TA'><xs:restriction base='xs:int'/></xs:simpleType>");
        add("b.xsd", "urn:e", "<xs:include schemaLocation='a.xsd'/><xs:element name='B' type='t:TA'/><xs:simpleType name='TB'><xs:restriction base='xs:int'/></xs:simpleType>");
        Schema schema = compile(EVENT);
        accepts(schema, "<Event xmlns='urn:e'><A>1</A></Event>");
        accepts(schema, "<Event xmlns='urn:e'><B>1</B></Event>");
    }

    @Test
    void shouldTakeTheHeadOfASubstitutionGroupForItsMembers() throws Exception {
        add("all.xsd", "urn:e", "<xs:element name='Thing' type='xs:int' abstract='true'/><xs:element name='One' substitutionGroup='t:Thing'/>");
        Schema schema = compile(EVENT);
        accepts(schema, "<Event xmlns='urn:e'><One>1</One></Event>");
        refuses(schema, "<Event xmlns='urn:e'><Thing>1</Thing></Event>");
    }

    @Test
    void shouldMakeTheSameOfTheSameFiles() throws Exception {
        Set<QName> types = Set.of(new QName("urn:z", "z"), new QName("urn:a", "a"));
        byte[] one = SchemaWriter.namespace("urn:e", List.of("f"), List.of("Event"), types, namespace -> "at-" + namespace);
        assertEquals(new String(one, StandardCharsets.UTF_8), new String(SchemaWriter.namespace("urn:e", List.of("f"),
                List.of("Event"), types, namespace -> "at-" + namespace), StandardCharsets.UTF_8));
        assertTrue(new String(one, StandardCharsets.UTF_8).contains("ref=\"t1:z\""), () -> new String(one, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:9/x.xsd", "//127.0.0.1:9/x.xsd", "file:///etc/passwd", "/etc/passwd", "../../../../../../../etc/passwd",
        "none.xsd", "jar:file:/x.jar!/x.xsd", "%zz", "", "mailto:x"})
    void shouldReadNothingButItsFiles(String location) throws Exception {
        for (String kind : new String[] {"include", "import namespace='urn:i'", "redefine"}) {
            files.clear();
            add("a.xsd", "urn:e", "\n<xs:" + kind + " schemaLocation='" + location + "'/><xs:element name='A' type='xs:int'/>");
            SchemaSet set = new SchemaSet(files, Set.of(EVENT));
            assertTrue(set.compile().isEmpty());
            String fault = set.faults().get(Path.of("/s/a.xsd"));
            assertTrue(fault.matches("line 2, column \\d+: it refers to .*, which is not among the files that the key schemas names; .*"), fault);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE schema [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><schema>&x;</schema>", "<a/>", "<schema/>", "", "<xs:schema",
        "<xs:element xmlns:xs='http://www.w3.org/2001/XMLSchema' name='a'/>"})
    void shouldRefuseWhatIsNoSchema(String document) {
        assertThrows(MalformedEventException.class, () -> Xsd.read(Path.of("/s/a.xsd"), document.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldSayWhichFileIsWrongAndWhere() throws Exception {
        add("good.xsd", "urn:e", "<xs:element name='G' type='xs:int'/>");
        add("type.xsd", "urn:e", "\n\n<xs:element name='T' type='t:Missing'/>");
        add("built-in.xsd", "urn:e", "<xs:element name='B' type='xs:nothing'/>");
        add("word.xsd", "urn:o", "\n<xs:elephant name='T'/>");
        SchemaSet set = new SchemaSet(files, Set.of(EVENT));
        assertTrue(set.compile().isEmpty());
        assertEquals(Set.of(Path.of("/s/built-in.xsd"), Path.of("/s/type.xsd"), Path.of("/s/word.xsd")), set.faults().keySet());
        String fault = set.faults().get(Path.of("/s/type.xsd"));
        assertTrue(fault.matches("line 3, column \\d+: Cannot resolve the name 't:Missing'.*"), fault);
        assertTrue(set.faults().get(Path.of("/s/built-in.xsd")).contains(" schema document 'built-in.xsd'"), () -> set.faults().toString());
        assertTrue(set.faults().get(Path.of("/s/word.xsd")).matches("line 2, column \\d+: .*elephant.*"), () -> set.faults().toString());
    }

    @Test
    void shouldSayWhenAnImportNamesAnotherNamespaceThanItsFile() throws Exception {
        add("b.xsd", "urn:b", "<xs:element name='B' type='xs:int'/>");
        add("a.xsd", "urn:a", "<xs:import namespace='urn:c' schemaLocation='b.xsd'/>");
        assertTrue(faults().get(Path.of("/s/a.xsd")).endsWith("it imports the namespace \"urn:c\" from b.xsd, which has \"urn:b\""), () -> faults().toString());
    }

    @Test
    void shouldSayThatTwoFilesDeclareTheSame() throws Exception {
        add("a.xsd", "urn:a", "<xs:element name='A' type='xs:int'/>");
        add("b.xsd", "urn:a", "<xs:element name='A' type='xs:string'/>");
        Map<Path, String> faults = faults();
        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.values().iterator().next().contains("two"), faults::toString);
    }

    @Test
    void shouldSayThatAnEnvelopeCouldHoldNothing() throws Exception {
        add("a.xsd", "urn:e", "<xs:simpleType name='T'><xs:restriction base='xs:int'/></xs:simpleType>");
        assertEquals(Map.of(Path.of(""), "no file declares a global element that an envelope could hold"), faults(EVENT));
    }

    private Map<Path, String> faults(QName... envelopes) {
        SchemaSet set = new SchemaSet(files, Set.of(envelopes));
        assertTrue(set.compile().isEmpty());
        return set.faults();
    }

    private Schema compile(QName... envelopes) {
        SchemaSet set = new SchemaSet(files, Set.of(envelopes));
        return set.compile().orElseThrow(() -> new AssertionError(set.faults()));
    }

    private void add(String name, String namespace, String content) throws MalformedEventException {
        Path path = Path.of("/s").resolve(name);
        String target = namespace.isEmpty() ? "" : " targetNamespace='" + namespace + "' xmlns:t='" + namespace + "'";
        files.put(path, Xsd.read(path, ("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' elementFormDefault='qualified'" + target + ">"
                + content + "</xs:schema>").getBytes(StandardCharsets.UTF_8)));
    }

    private static void accepts(Schema schema, String document) throws Exception {
        schema.newValidator().validate(new StreamSource(new StringReader(document)));
    }

    private static void refuses(Schema schema, String document) {
        assertThrows(SAXException.class, () -> accepts(schema, document));
    }
}
