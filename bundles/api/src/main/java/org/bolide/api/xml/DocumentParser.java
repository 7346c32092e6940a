package org.bolide.api.xml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import org.bolide.api.MalformedEventException;
import org.bolide.api.Vocabulary;
import org.xml.sax.ContentHandler;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.LexicalHandler;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Reads the documents of strangers as {@link Vocabulary#read} demands. There is no DTD, no entity but
 * XML's own, and nothing outside the document; at most 256 elements are within one another, and 256 attributes in one.
 * For one thread at a time, again and again: a parser costs more to make than to use. Blocks no longer than it reads.
 */
public final class DocumentParser {

    /** Elements within one another; libxml2, on which other brokers run, takes no more either. */
    private static final int MAX_DEPTH = 256;
    private static final int MAX_ATTRIBUTES = 256;

    private final XMLReader reader;
    private final Guard guard = new Guard();

    public DocumentParser() {
        try {
            // The JDK's own, never one that happens to be on the class path: its limits are the ones set here.
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            // Not newDefaultNSInstance: Karaf patches these classes of the JDK with older ones.
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            // The lexical handler ends the reading at a DTD; should it ever not, nothing outside is loaded all the same.
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            reader = factory.newSAXParser().getXMLReader();
            reader.setProperty("jdk.xml.maxElementDepth", Integer.toString(MAX_DEPTH));
            reader.setProperty("jdk.xml.elementAttributeLimit", Integer.toString(MAX_ATTRIBUTES));
            reader.setProperty("http://xml.org/sax/properties/lexical-handler", guard);
            reader.setContentHandler(guard);
            reader.setErrorHandler(guard);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("this Java's XML parser lacks what safe parsing needs", e);
        }
    }

    /**
     * Reads one document.
     *
     * @param content the document's bytes; read, not changed
     * @param handler is told what the document holds; of comments too, if it is a {@link LexicalHandler}. What it throws ends
     *     the reading; the message of a {@link SAXException} reaches the author
     * @throws MalformedEventException if it is not well-formed, has a DTD, or exceeds a limit; or by the handler's will
     */
    public void parse(ByteBuffer content, ContentHandler handler) throws MalformedEventException {
        if (!content.hasRemaining()) {
            throw new MalformedEventException("the document is empty");
        }
        try {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            guard.handOnTo(handler);
            reader.parse(new InputSource(new ByteArrayInputStream(bytes)));
        } catch (SAXParseException e) {
            throw malformed("not well-formed XML: " + DocumentFaults.describe(e), e);
        } catch (UnsupportedEncodingException e) {
            throw malformed("the encoding \"" + e.getMessage() + "\" that the document declares is not known;"
                    + " use UTF-8", e);
        } catch (SAXException e) {
            throw malformed(e.getMessage(), e);
        } catch (IOException e) {
            // The bytes are in memory, so it is never the disk: they do not fit their encoding.
            throw malformed("the document's bytes do not fit its encoding: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw malformed("the XML parser cannot cope with the document: " + e, e);
        } finally {
            guard.handOnTo(null);
        }
    }

    private static MalformedEventException malformed(String message, Exception cause) {
        MalformedEventException malformed = new MalformedEventException(message);
        malformed.initCause(cause);
        return malformed;
    }

    /** Hands on what the document holds, and ends the reading at what no document may have. */
    private static final class Guard extends XMLFilterImpl implements LexicalHandler {

        private Locator locator;
        private LexicalHandler lexical;

        void handOnTo(ContentHandler handler) {
            setContentHandler(handler);
            lexical = handler instanceof LexicalHandler both ? both : null;
        }

        @Override
        public void setDocumentLocator(Locator place) {
            locator = place;
            super.setDocumentLocator(place);
        }

        @Override
        public void startDTD(String name, String publicId, String systemId) throws SAXException {
            throw new SAXException(DocumentFaults.place(locator) + "the document has a document type declaration (<!DOCTYPE "
                    + name + "), which is not accepted; remove it, and write out its entities");
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void endDTD() {
            // None has begun.
        }

        @Override
        public void startEntity(String name) {
            // XML's own: what matters comes as characters.
        }

        @Override
        public void endEntity(String name) {
            // as above
        }

        @Override
        public void startCDATA() {
            // Its text comes as characters.
        }

        @Override
        public void endCDATA() {
            // as above
        }

        @Override
        public void comment(char[] chars, int start, int length) throws SAXException {
            if (lexical != null) {
                lexical.comment(chars, start, length);
            }
        }
    }
}
