package org.bolide.vocabulary.xml;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;

import javax.xml.XMLConstants;
import javax.xml.namespace.QName;

import org.bolide.api.xml.EventBuilder;

/** Writes the schema documents that hold files together; the same files always give the same documents. */
final class SchemaWriter {

    private static final String ALL = "urn:uuid:7b0d5d3c-54a0-4f0e-9b0c-2f2f5d1f2c11";

    private SchemaWriter() {
    }

    /** Imports all namespaces; its own is one that no file has, because none may import its own. */
    static byte[] all(List<String> namespaces, IntFunction<String> location) {
        EventBuilder schema = begin(Set.of()).attribute("targetNamespace", ALL);
        for (int i = 0; i < namespaces.size(); i++) {
            importing(schema, namespaces.get(i), location.apply(i));
        }
        return schema.end().toBytes();
    }

    /**
     * Includes the files of a namespace, and declares its envelopes: elements that hold one of the given types, no
     * attributes and no text.
     */
    static byte[] namespace(String namespace, List<String> includes, List<String> envelopes, Set<QName> types,
            Function<String, String> location) {
        SortedSet<String> imported = new TreeSet<>();
        if (!envelopes.isEmpty()) {
            types.forEach(type -> imported.add(type.getNamespaceURI()));
        }
        EventBuilder schema = begin(imported);
        if (!namespace.isEmpty()) {
            schema.attribute("targetNamespace", namespace);
        }
        includes.forEach(include -> schema.start("xs:include").attribute("schemaLocation", include).end());
        imported.stream().filter(other -> !other.equals(namespace)).forEach(other -> importing(schema, other, location.apply(other)));
        for (String envelope : envelopes) {
            schema.start("xs:element").attribute("name", envelope).start("xs:complexType").start("xs:choice");
            for (QName type : types) {
                schema.start("xs:element").attribute("ref", prefixed(type, imported)).end();
            }
            schema.end().end().end();
        }
        return schema.end().toBytes();
    }

    /** Begins a schema in which the n-th of these namespaces has the prefix {@code tN}; no namespace has none. */
    private static EventBuilder begin(Collection<String> namespaces) {
        EventBuilder schema = new EventBuilder().namespace("xs", XMLConstants.W3C_XML_SCHEMA_NS_URI);
        int number = 0;
        for (String namespace : namespaces) {
            if (!namespace.isEmpty()) {
                schema.namespace("t" + number, namespace);
            }
            number++;
        }
        return schema.start("xs:schema");
    }

    private static String prefixed(QName name, SortedSet<String> namespaces) {
        String namespace = name.getNamespaceURI();
        return (namespace.isEmpty() ? "" : "t" + namespaces.headSet(namespace).size() + ":") + name.getLocalPart();
    }

    private static void importing(EventBuilder schema, String namespace, String location) {
        schema.start("xs:import");
        if (!namespace.isEmpty()) {
            schema.attribute("namespace", namespace);
        }
        schema.attribute("schemaLocation", location).end();
    }
}
