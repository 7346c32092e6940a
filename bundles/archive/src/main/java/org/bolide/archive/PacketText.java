package org.bolide.archive;

import java.io.ByteArrayInputStream;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.bolide.api.BrokerEvent;

/**
 * What a synopsis tells that the event's header does not. Read from the event's text, in which nobody refers to anything outside:
 * the broker takes no event with a document type.
 *
 * @param encoding the name of the text's character encoding
 * @param version the root element's {@code version}
 * @param citationsDescription the first {@code Description} in {@code Citations}, which voeventdb gives with each reference
 */
record PacketText(String encoding, Optional<String> version, Optional<String> citationsDescription) {

    private static final XMLInputFactory FACTORY = factory();

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    static byte[] bytes(BrokerEvent event) {
        byte[] bytes = new byte[event.content().remaining()];
        event.content().get(bytes);
        return bytes;
    }

    static PacketText of(byte[] content) {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(content));
            String encoding = reader.getCharacterEncodingScheme() != null ? reader.getCharacterEncodingScheme()
                    : reader.getEncoding() != null ? reader.getEncoding() : "UTF-8";
            Optional<String> version = Optional.empty();
            int depth = 0;
            boolean inCitations = false;
            while (reader.hasNext()) {
                int what = reader.next();
                if (what == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                    if (depth == 1) {
                        version = Optional.ofNullable(reader.getAttributeValue(null, "version"));
                    } else if (depth == 2) {
                        inCitations = reader.getLocalName().equals("Citations");
                    } else if (depth == 3 && inCitations && reader.getLocalName().equals("Description")) {
                        return new PacketText(encoding, version, Optional.of(text(reader)).filter(text -> !text.isBlank()));
                    }
                } else if (what == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
            }
            return new PacketText(encoding, version, Optional.empty());
        } catch (XMLStreamException e) {
            throw new IllegalStateException("an event of the log is no well-formed XML: " + e.getMessage(), e);
        }
    }

    /** The text of an element, without that of elements in it. */
    private static String text(XMLStreamReader reader) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (depth == 1) {
                        text.append(reader.getText());
                    }
                }
                default -> {
                    // a comment or a processing instruction
                }
            }
        }
        return text.toString();
    }
}
