package org.bolide.filtering;

import java.util.Optional;

import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.streams.Predicates;
import net.sf.saxon.s9api.streams.Steps;
import org.bolide.api.BrokerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/** Makes the trees of events. */
final class TreeBuilder {

    /**
     * The tree of one event, kept with it.
     *
     * @param root the root element; empty if the event cannot be read, and then no filter matches
     */
    record EventTree(Optional<NodeInfo> root) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(TreeBuilder.class);

    private final Engine engine;
    private final FilterCounters counters;
    private final EventParser parser = new EventParser();

    TreeBuilder(Engine engine, FilterCounters counters) {
        this.engine = engine;
        this.counters = counters;
    }

    EventTree build(BrokerEvent event) {
        try {
            BuildingContentHandler tree = engine.newTree();
            parser.parse(event.content(), tree);
            XdmNode root = tree.getDocumentNode().select(Steps.child(Predicates.isElement())).asNode();
            counters.trees.increment();
            return new EventTree(Optional.of(root.getUnderlyingNode()));
        } catch (SAXException | SaxonApiException | RuntimeException e) {
            counters.treesFailed.increment();
            LOG.debug("id={} position={} source={} is matched by no filter: {}", event.header().identifier().orElse("-"),
                    event.sequence(), event.source(), e.getMessage());
            return new EventTree(Optional.empty());
        }
    }
}
