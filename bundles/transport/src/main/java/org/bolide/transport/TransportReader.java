package org.bolide.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import org.bolide.transport.TransportMessage.Filter;
import org.bolide.transport.TransportMessage.Role;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.DefaultHandler2;

import static org.bolide.transport.TransportMessage.EXTENSIONS;
import static org.bolide.transport.TransportMessage.XPATH_FILTER;
import static org.bolide.transport.TransportMessage.XQUERY_FILTER;

/**
 * Reads Transport messages. Names are matched without their prefix, so that even an undeclared one does no harm. A
 * document with a DTD is refused; nothing outside the document is read. Safe for any number of threads.
 */
final class TransportReader {

    private static final String LEXICAL_HANDLER = "http://xml.org/sax/properties/lexical-handler";

    private final SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
    private final ConcurrentLinkedQueue<XMLReader> idle = new ConcurrentLinkedQueue<>();

    TransportReader() {
        try {
            factory.setNamespaceAware(false);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("The Java runtime's XML parser lacks a feature", e);
        }
    }

    /**
     * Reads one message.
     *
     * @return empty if the document is XML but no Transport message
     * @throws SAXException if it is not well-formed or has a DTD; the message says where
     */
    Optional<TransportMessage> read(byte[] document) throws SAXException {
        XMLReader reader = idle.poll();
        if (reader == null) {
            reader = newReader();
        }
        Parts parts = new Parts();
        reader.setContentHandler(parts);
        reader.setErrorHandler(parts);
        reader.setEntityResolver(parts);
        try {
            reader.setProperty(LEXICAL_HANDLER, parts);
            reader.parse(new InputSource(new ByteArrayInputStream(document)));
        } catch (SAXParseException e) {
            throw new SAXException("line " + e.getLineNumber() + ", column " + e.getColumnNumber() + ": " + e.getMessage(), e);
        } catch (IOException e) { // among them invalid UTF-8
            throw new SAXException(e.getMessage(), e);
        }
        idle.offer(reader);
        return parts.message();
    }

    private XMLReader newReader() throws SAXException {
        try {
            synchronized (factory) {
                return factory.newSAXParser().getXMLReader();
            }
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The Java runtime's XML parser lacks a feature", e);
        }
    }

    private static String local(String name) {
        return name.substring(name.indexOf(':') + 1);
    }

    private static final class Parts extends DefaultHandler2 {

        private final List<Filter> filters = new ArrayList<>();
        private final Map<String, String> extensions = new HashMap<>();
        private final StringBuilder text = new StringBuilder();
        private int depth;
        private boolean transport;
        private String namespace = "";
        private String roleText = "";
        private String origin = "";
        private String response;
        private String timeStamp;
        private String result;
        private boolean inMeta;
        private boolean inFilter;
        private boolean filterHasChildren;

        @Override
        public void startElement(String uri, String localName, String name, Attributes attributes) {
            depth++;
            String local = local(name);
            if (depth == 1) {
                root(local, name, attributes);
            } else if (depth == 2) {
                inMeta = local.equals("Meta");
            } else if (depth == 3 && inMeta) {
                meta(local, attributes);
            } else if (inFilter) {
                filterHasChildren = true;
            }
            if (!inFilter || depth == 3) {
                text.setLength(0);
            }
        }

        private void root(String local, String name, Attributes attributes) {
            transport = local.equals("Transport");
            String declaration = name.equals(local) ? "xmlns" : "xmlns:" + name.substring(0, name.indexOf(':'));
            namespace = Optional.ofNullable(attributes.getValue(declaration)).orElse("");
            roleText = Optional.ofNullable(attributes.getValue("role")).orElse("");
        }

        private void meta(String local, Attributes attributes) {
            String name = local.equals("Param") ? Optional.ofNullable(attributes.getValue("name")).orElse("") : "";
            if (name.equals(XPATH_FILTER)) {
                filter(Languages.XPATH, attributes.getValue("value"), name, "it has no value");
            } else if (name.equals(XQUERY_FILTER)) {
                filter(Languages.XQUERY, attributes.getValue("value"), name, "it has no value");
            } else if (EXTENSIONS.contains(name)) {
                extensions.put(name, Optional.ofNullable(attributes.getValue("value")).orElse("").strip());
            } else if (local.equals("filter") && "xpath".equals(attributes.getValue("type"))) {
                inFilter = true;
                filterHasChildren = false;
            }
        }

        private void filter(String language, String value, String place, String faultWithoutValue) {
            Optional<String> fault = Optional.empty();
            if (value == null) {
                fault = Optional.of(faultWithoutValue);
            } else if (value.isBlank()) {
                fault = Optional.of("it is empty");
            }
            filters.add(new Filter(language, fault.isPresent() ? "" : value, place, fault));
        }

        @Override
        public void comment(char[] chars, int start, int length) {
            filterHasChildren = true;
        }

        @Override
        public void processingInstruction(String target, String data) {
            filterHasChildren = true;
        }

        @Override
        public void characters(char[] chars, int start, int length) {
            text.append(chars, start, length);
        }

        @Override
        public void endElement(String uri, String localName, String name) {
            String local = local(name);
            if (depth == 2 && local.equals("Origin")) {
                origin = text.toString().strip();
            } else if (depth == 2 && local.equals("Response")) {
                response = text.toString().strip();
            } else if (depth == 2 && local.equals("TimeStamp")) {
                timeStamp = text.toString().strip();
            } else if (depth == 3 && inMeta && local.equals("Result")) {
                result = text.toString().strip();
            } else if (depth == 3 && inFilter) {
                inFilter = false;
                filter(Languages.XPATH, filterHasChildren ? null : text.toString(), "filter element",
                        "it has elements or comments inside, but a filter is text");
            }
            depth--;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }

        private Optional<TransportMessage> message() {
            if (!transport) {
                return Optional.empty();
            }
            return Optional.of(new TransportMessage(Role.of(roleText), roleText, namespace, origin,
                    Optional.ofNullable(response), Optional.ofNullable(timeStamp), Optional.ofNullable(result), filters, extensions));
        }
    }
}
