package org.bolide.filtering;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.streams.Predicates;
import net.sf.saxon.s9api.streams.Steps;
import org.bolide.api.BrokerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.DefaultHandler2;

/**
 * Makes the trees of events. The readers are kept and used again, as many as there are threads that build at once: a new
 * one costs more than to read an event.
 */
final class TreeBuilder {

    /**
     * The tree of one event, kept with it.
     *
     * @param root the root element; empty if the event cannot be read, and then no filter matches
     */
    record EventTree(Optional<NodeInfo> root) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(TreeBuilder.class);

    private static final String LEXICAL_HANDLER = "http://xml.org/sax/properties/lexical-handler";

    /** As the vocabularies have it. */
    private static final int MAX_DEPTH = 256;
    private static final int MAX_ATTRIBUTES = 256;
    /** A reader that has read a longer document holds on to large buffers and is not kept. */
    private static final int KEPT_BYTES = 1 << 20;

    private final Engine engine;
    private final FilterCounters counters;
    private final Queue<XMLReader> idle = new ConcurrentLinkedQueue<>();

    TreeBuilder(Engine engine, FilterCounters counters) {
        this.engine = engine;
        this.counters = counters;
    }

    EventTree build(BrokerEvent event) {
        ByteBuffer content = event.content();
        int size = content.remaining();
        try {
            XMLReader reader = idle.poll();
            if (reader == null) {
                reader = newReader();
            }
            BuildingContentHandler tree = engine.newTree();
            reader.setContentHandler(tree);
            // It takes comments too, though its type does not say so.
            reader.setProperty(LEXICAL_HANDLER, tree);
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            reader.parse(new InputSource(new ByteArrayInputStream(bytes)));
            XdmNode root = tree.getDocumentNode().select(Steps.child(Predicates.isElement())).asNode();
            // Not in a finally: a reader that has thrown is left to the garbage collector, whatever state it is in.
            reader.setContentHandler(null);
            reader.setProperty(LEXICAL_HANDLER, null);
            if (size <= KEPT_BYTES) {
                idle.add(reader);
            }
            counters.trees.increment();
            return new EventTree(Optional.of(root.getUnderlyingNode()));
        } catch (SAXException | IOException | SaxonApiException | RuntimeException e) {
            counters.treesFailed.increment();
            LOG.debug("id={} position={} source={} is matched by no filter: {}", event.header().identifier().orElse("-"),
                    event.sequence(), event.source(), e.getMessage());
            return new EventTree(Optional.empty());
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
