package org.bolide.launcher.configuration;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads a Metatype document (OSGi Compendium 7, section 105.8). */
final class MetatypeReader {

    private record Ocd(String name, String description, List<Attribute> attributes) {}

    private final Map<String, Ocd> ocds = new HashMap<>();
    private final List<Definition> definitions = new ArrayList<>();
    private final XMLStreamReader xml;

    private MetatypeReader(XMLStreamReader xml) {
        this.xml = xml;
    }

    static List<Definition> read(InputStream document) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(document);
        try {
            return new MetatypeReader(xml).read();
        } finally {
            xml.close();
        }
    }

    private List<Definition> read() throws XMLStreamException {
        String pid = null;
        boolean isFactory = false;
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "OCD" -> ocds.put(xml.getAttributeValue(null, "id"), ocd());
                case "Designate" -> {
                    isFactory = xml.getAttributeValue(null, "factoryPid") != null;
                    pid = xml.getAttributeValue(null, isFactory ? "factoryPid" : "pid");
                }
                case "Object" -> {
                    Ocd ocd = ocds.get(xml.getAttributeValue(null, "ocdref"));
                    if (ocd != null && pid != null) {
                        definitions.add(new Definition(
                                pid, isFactory, ocd.name, ocd.description, HandlerKeys.complete(ocd.attributes)));
                    }
                }
                default -> { }
            }
        }
        return definitions;
    }

    private Ocd ocd() throws XMLStreamException {
        Ocd ocd = new Ocd(value("name", ""), value("description", ""), new ArrayList<>());
        while (!ended("OCD")) {
            if (started("AD")) {
                ocd.attributes.add(attribute());
            }
        }
        return ocd;
    }

    private Attribute attribute() throws XMLStreamException {
        String id = value("id", "");
        String name = value("name", id);
        String description = value("description", "");
        Attribute.Type type = Attribute.Type.named(value("type", "String"));
        boolean list = !"0".equals(value("cardinality", "0"));
        boolean required = Boolean.parseBoolean(value("required", "true"));
        String defaults = value("default", null);
        Optional<String> min = Optional.ofNullable(value("min", null));
        Optional<String> max = Optional.ofNullable(value("max", null));
        List<String> options = new ArrayList<>();
        while (!ended("AD")) {
            if (started("Option")) {
                options.add(value("value", ""));
            }
        }
        return new Attribute(id, name, description, type, list, split(defaults, list), required, min, max, options);
    }

    /** A default's values are separated by commas; a backslash escapes. */
    private static List<String> split(String text, boolean list) {
        if (text == null) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                value.append(text.charAt(++i));
            } else if (c == ',' && list) {
                values.add(value.toString().strip());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString());
        return values;
    }

    private String value(String attribute, String otherwise) {
        String value = xml.getAttributeValue(null, attribute);
        return value == null ? otherwise : value;
    }

    private boolean started(String element) {
        return xml.getEventType() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals(element);
    }

    private boolean ended(String element) throws XMLStreamException {
        return xml.next() == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals(element);
    }
}
