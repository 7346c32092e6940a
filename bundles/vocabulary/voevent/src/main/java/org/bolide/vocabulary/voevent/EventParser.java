package org.bolide.vocabulary.voevent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.validation.ValidatorHandler;

import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

/**
 * A SAX reader with its validators, for one thread at a time. One pass over the bytes makes the header and the list of
 * faults: the reader reports to a {@link HeaderHandler}, and that to the validator of the root element's namespace.
 */
final class EventParser {

    /** Elements within one another; libxml2, on which other brokers run, takes no more either. */
    private static final int MAX_DEPTH = 256;
    private static final int MAX_ATTRIBUTES = 256;

    private final Schemas schemas;
    private final XMLReader reader;
    private final HeaderHandler header;
    private final SchemaFaults faults = new SchemaFaults();
    private final Map<String, Optional<ValidatorHandler>> validators = new HashMap<>();

    EventParser(Schemas schemas) {
        this.schemas = schemas;
        header = new HeaderHandler(namespace -> validators.computeIfAbsent(namespace, this::validator), faults);
        try {
            // The JDK's own, never one that happens to be on the class path: its limits are the ones set here.
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            // Not newDefaultNSInstance: Karaf patches these classes of the JDK with older ones.
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            // The header's handler ends the reading at a DTD; should it ever not, nothing outside is loaded all the same.
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            reader = factory.newSAXParser().getXMLReader();
            reader.setProperty("jdk.xml.maxElementDepth", Integer.toString(MAX_DEPTH));
            reader.setProperty("jdk.xml.elementAttributeLimit", Integer.toString(MAX_ATTRIBUTES));
            reader.setProperty("http://xml.org/sax/properties/lexical-handler", header);
            reader.setContentHandler(header);
            reader.setErrorHandler(header);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("this Java's XML parser lacks what safe parsing needs", e);
        }
    }

    private Optional<ValidatorHandler> validator(String namespace) {
        return schemas.of(namespace).map(schema -> {
            ValidatorHandler validator = schema.newValidatorHandler();
            validator.setErrorHandler(faults);
            return validator;
        });
    }

    Reading read(ByteBuffer content) throws MalformedEventException {
        if (!content.hasRemaining()) {
            throw new MalformedEventException("the document is empty");
        }
        faults.clear();
        try {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            reader.parse(new InputSource(new ByteArrayInputStream(bytes)));
        } catch (SAXParseException e) {
            throw malformed("not well-formed XML: " + SchemaFaults.describe(e), e);
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
        }
        return new Reading(header.header(), faults.list());
    }

    private static MalformedEventException malformed(String message, Exception cause) {
        MalformedEventException malformed = new MalformedEventException(message);
        malformed.initCause(cause);
        return malformed;
    }
}
