package org.bolide.launcher.sendvo;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A broker's answer: a Transport message (VTP 2.0, section 4), whatever its namespace.
 *
 * @param isAck whether the event was accepted
 * @param origin the event's identifier as the broker read it; may be empty
 * @param result the broker's explanation; may be empty
 */
record Answer(boolean isAck, String origin, String result) {

    /** To find it takes longer than to read an answer. */
    private static final XMLInputFactory XML = factory();

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** For one thread at a time. */
    static Answer parse(byte[] document) throws IOException {
        try {
            XMLStreamReader xml = XML.createXMLStreamReader(new ByteArrayInputStream(document));
            try {
                return read(xml);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new IOException("the broker's answer is not XML: " + e.getMessage(), e);
        }
    }

    private static Answer read(XMLStreamReader xml) throws XMLStreamException, IOException {
        xml.nextTag();
        String role = xml.getAttributeValue(null, "role");
        if (!xml.getLocalName().equals("Transport") || !"ack".equals(role) && !"nak".equals(role)) {
            throw new IOException("the broker answered neither ack nor nak but "
                    + (role == null ? xml.getLocalName() : role));
        }
        String origin = "";
        String result = "";
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "Origin" -> origin = xml.getElementText().strip();
                    case "Result" -> result = xml.getElementText().strip();
                    default -> { }
                }
            }
        }
        return new Answer(role.equals("ack"), origin, result);
    }
}
