package org.bolide.filtering.xpath;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.BrokerEvent;
import org.bolide.api.MalformedEventException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.ContentHandler;

/** The trees of events, made once for an event and kept with it. */
public final class Trees {

    private static final Logger LOG = LoggerFactory.getLogger(Trees.class);

    /** Reads a document safely. */
    @FunctionalInterface
    public interface Source {

        /** @param handler is told of comments too, being a LexicalHandler */
        void parse(ByteBuffer content, ContentHandler handler) throws MalformedEventException;
    }

    /** What an event keeps; empty if it cannot be read, and then no filter matches. */
    private record Plain(Optional<Tree> tree) {}

    private record WithNamespaces(Optional<Tree> tree) {}

    private final Source source;
    private final LongAdder made;
    private final LongAdder failed;

    /**
     * @param made counts the trees
     * @param failed counts the events that could not be read
     */
    public Trees(Source source, LongAdder made, LongAdder failed) {
        this.source = source;
        this.made = made;
        this.failed = failed;
    }

    /** @param namespaces whether namespace nodes are needed */
    Optional<Tree> of(BrokerEvent event, boolean namespaces) {
        return namespaces ? event.derived(WithNamespaces.class, e -> new WithNamespaces(make(e, true))).tree()
                : event.derived(Plain.class, e -> new Plain(make(e, false))).tree();
    }

    private Optional<Tree> make(BrokerEvent event, boolean namespaces) {
        try {
            TreeBuilder builder = new TreeBuilder(namespaces);
            source.parse(event.content(), builder);
            made.increment();
            return Optional.of(builder.tree());
        } catch (MalformedEventException | RuntimeException e) {
            failed.increment();
            LOG.debug("id={} position={} source={} is matched by no filter: {}", event.header().identifier().orElse("-"),
                    event.sequence(), event.source(), e.getMessage());
            return Optional.empty();
        }
    }
}
