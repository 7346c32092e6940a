package org.bolide.vocabulary.voevent;

import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.Vocabulary;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * VOEvent 1.1 and 2.0 by their schemas, VOEvent 2.1 (a Proposed Recommendation) without one. VOEvents of version 1.0 or
 * without a namespace are read too, and are faulty: brokers pass such events on. Parsers and validators cost
 * more to make than to run, so they are kept and used again: as many as there are threads that read at once.
 */
@Component(property = {
    Vocabulary.ROOTS + "=" + Schemas.ROOT_1_1,
    Vocabulary.ROOTS + "=" + Schemas.ROOT_2_0,
    Vocabulary.ROOTS + "=" + Schemas.ROOT_2_1,
    Vocabulary.ROOTS + "=" + Schemas.ROOT_1_0,
    Vocabulary.ROOTS + "=" + Schemas.ROOT_NONE})
public final class VoeventVocabulary implements Vocabulary {

    /** A parser that has read a longer document holds on to large buffers and is not kept. */
    private static final int KEPT_BYTES = 1 << 20;

    private final Schemas schemas;
    /** The one used last comes first: it is in the processor's caches. */
    private final Deque<EventParser> idle = new ConcurrentLinkedDeque<>();

    @Activate
    public VoeventVocabulary() {
        schemas = new Schemas();
    }

    @Override
    public Reading read(ByteBuffer content) throws MalformedEventException {
        EventParser parser = idle.poll();
        if (parser == null) {
            parser = new EventParser(schemas);
        }
        Reading reading = parser.read(content);
        // Not in a finally: a parser that has thrown is left to the garbage collector, whatever state it is in.
        if (content.remaining() <= KEPT_BYTES) {
            idle.push(parser);
        }
        return reading;
    }
}
