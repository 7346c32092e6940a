package org.bolide.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.mina.core.buffer.IoBuffer;
import org.bolide.api.BrokerEvent;

/** Messages with their lengths before them, ready to be written. */
final class Frames {

    private static final int LENGTH_BYTES = 4;

    private Frames() {
    }

    /** A Transport message. */
    static IoBuffer of(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return IoBuffer.wrap(ByteBuffer.allocate(LENGTH_BYTES + bytes.length).putInt(bytes.length).put(bytes).flip());
    }

    /** Several Transport messages, one after the other. */
    static IoBuffer of(List<String> messages) {
        List<byte[]> encoded = messages.stream().map(message -> message.getBytes(StandardCharsets.UTF_8)).toList();
        ByteBuffer frames = ByteBuffer.allocate(encoded.stream().mapToInt(bytes -> LENGTH_BYTES + bytes.length).sum());
        encoded.forEach(bytes -> frames.putInt(bytes.length).put(bytes));
        return IoBuffer.wrap(frames.flip());
    }

    /** How long an event's frame is. */
    static int size(BrokerEvent event) {
        return LENGTH_BYTES + event.content().remaining();
    }

    /** Writes an event as it was received. */
    static void put(BrokerEvent event, ByteBuffer to) {
        ByteBuffer content = event.content();
        to.putInt(content.remaining()).put(content);
    }

    /** An event as it was received, for a connection that is to keep it for a while: all share the bytes. */
    static IoBuffer of(BrokerEvent event) {
        return IoBuffer.wrap(event.derived(EventFrame.class, EventFrame::of).bytes().duplicate());
    }

    private record EventFrame(ByteBuffer bytes) {

        static EventFrame of(BrokerEvent event) {
            ByteBuffer frame = ByteBuffer.allocate(size(event));
            put(event, frame);
            return new EventFrame(frame.flip());
        }
    }
}
