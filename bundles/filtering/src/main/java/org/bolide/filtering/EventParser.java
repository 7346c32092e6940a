package org.bolide.filtering;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import org.xml.sax.ContentHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.DefaultHandler2;
import org.xml.sax.ext.LexicalHandler;

/**
 * Reads events for whatever makes trees of them: no DTD, no entity, nothing outside, bounded depth and attributes. The
 * readers are kept and used again, as many as there are threads that read at once: a new one costs more than to read an
 * event.
 */
public final class EventParser {

    private static final String LEXICAL_HANDLER = "http://xml.org/sax/properties/lexical-handler";

    /** As the vocabularies have it. */
    private static final int MAX_DEPTH = 256;
    private static final int MAX_ATTRIBUTES = 256;
    /** A reader that has read a longer document holds on to large buffers and is not kept. */
    private static final int KEPT_BYTES = 1 << 20;

    private final Queue<XMLReader> idle = new ConcurrentLinkedQueue<>();

    /**
     * Reads one document.
     *
     * @param handler is told of it; of comments too, if it is a {@link LexicalHandler}
     * @throws SAXException if it is not well-formed, has a DTD, or exceeds a limit
     */
    public void parse(ByteBuffer content, ContentHandler handler) throws SAXException {
        int size = content.remaining();
        XMLReader reader = idle.poll();
        if (reader == null) {
            reader = newReader();
        }
        reader.setContentHandler(handler);
        if (handler instanceof LexicalHandler lexical) {
            reader.setProperty(LEXICAL_HANDLER, lexical);
        }
        byte[] bytes = new byte[size];
        content.get(bytes);
        try {
            reader.parse(new InputSource(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            // So does this parser tell of bytes that are not what the encoding says.
            throw new SAXException(e);
        }
        // Not in a finally: a reader that has thrown is left to the garbage collector, whatever state it is in.
        reader.setContentHandler(null);
        reader.setProperty(LEXICAL_HANDLER, null);
        if (size <= KEPT_BYTES) {
            idle.add(reader);
        }
    }

    private static XMLReader newReader() throws SAXException {
        try {
            // The JDK's own, never one that happens to be on the class path: its limits are the ones set here.
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            // Not newDefaultNSInstance: Karaf patches these classes of the JDK with older ones.
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            XMLReader reader = factory.newSAXParser().getXMLReader();
            reader.setProperty("jdk.xml.maxElementDepth", Integer.toString(MAX_DEPTH));
            reader.setProperty("jdk.xml.elementAttributeLimit", Integer.toString(MAX_ATTRIBUTES));
            // Throws what it is told, and prints nothing.
            reader.setErrorHandler(new DefaultHandler2());
            return reader;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java's XML parser lacks what safe parsing needs", e);
        }
    }
}
