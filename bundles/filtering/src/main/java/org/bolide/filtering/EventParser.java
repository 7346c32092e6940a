package org.bolide.filtering;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.bolide.api.MalformedEventException;
import org.bolide.api.xml.DocumentParser;
import org.xml.sax.ContentHandler;

/**
 * Reads events for whatever makes trees of them. The parsers are kept and used again, as many as there are threads that
 * read at once: a new one costs more than to read an event.
 */
public final class EventParser {

    /** A parser that has read a longer document holds on to large buffers and is not kept. */
    private static final int KEPT_BYTES = 1 << 20;

    private final Queue<DocumentParser> idle = new ConcurrentLinkedQueue<>();

    /**
     * Reads one document.
     *
     * @param handler is told of it; of comments too, if it is a {@link org.xml.sax.ext.LexicalHandler}
     * @throws MalformedEventException if it is not well-formed, has a DTD, or exceeds a limit
     */
    public void parse(ByteBuffer content, ContentHandler handler) throws MalformedEventException {
        DocumentParser parser = idle.poll();
        if (parser == null) {
            parser = new DocumentParser();
        }
        parser.parse(content, handler);
        // Not in a finally: a parser that has thrown is left to the garbage collector, whatever state it is in.
        if (content.remaining() <= KEPT_BYTES) {
            idle.add(parser);
        }
    }
}
