package org.bolide.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import javax.xml.namespace.QName;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads a faultless VOEvent's header, the first of what it has several of; for tests, where no vocabulary is. */
final class VoeventReader extends DefaultHandler {

    private final Map<String, String> texts = new HashMap<>();
    private final List<Citation> citations = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private QName root;
    private String cite = "";

    private VoeventReader() {
    }

    /** @throws IllegalArgumentException if it is no well-formed XML */
    static EventHeader header(byte[] content) {
        VoeventReader reader = new VoeventReader();
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(new ByteArrayInputStream(content), reader);
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new IllegalArgumentException("no well-formed event: " + e.getMessage(), e);
        }
        return reader.header();
    }

    private EventHeader header() {
        return new EventHeader(root, get("ivorn"), get("role"), get("AuthorIVORN"), get("Date").map(VoeventReader::time),
                get("ISOTime").map(VoeventReader::time), position(), citations);
    }

    private Optional<SkyPosition> position() {
        if (!texts.containsKey("C1") || !texts.containsKey("C2")) {
            return Optional.empty();
        }
        return Optional.of(new SkyPosition(Double.parseDouble(texts.get("C1")), Double.parseDouble(texts.get("C2")),
                get("Error2Radius").map(Double::parseDouble).map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                get("coord_system_id").orElse("")));
    }

    private Optional<String> get(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    /** Without a zone it is UTC (VOEvent 2.0, section 3.2.3). */
    private static Instant time(String text) {
        return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)") ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) {
        if (root == null) {
            root = new QName(uri, localName);
            texts.put("role", "observation"); // the schema's default
        }
        boolean first = texts.size() == 1;
        for (int i = 0; i < attributes.getLength(); i++) {
            String name = attributes.getLocalName(i);
            if (first && (name.equals("ivorn") || name.equals("role"))) {
                texts.put(name, attributes.getValue(i));
            } else if (name.equals("coord_system_id")) {
                texts.putIfAbsent(name, attributes.getValue(i));
            } else if (localName.equals("EventIVORN") && name.equals("cite")) {
                cite = attributes.getValue(i);
            }
        }
        text.setLength(0);
    }

    @Override
    public void characters(char[] chars, int start, int length) {
        text.append(chars, start, length);
    }

    @Override
    public void endElement(String uri, String localName, String qName) {
        if (localName.equals("EventIVORN")) {
            if (!text.toString().isBlank()) {
                citations.add(new Citation(text.toString().strip(), cite));
            }
            cite = "";
        } else {
            texts.putIfAbsent(localName, text.toString().strip());
        }
        text.setLength(0);
    }
}
