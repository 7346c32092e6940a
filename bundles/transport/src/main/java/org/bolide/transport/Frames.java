package org.bolide.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.apache.mina.core.buffer.IoBuffer;
import org.bolide.api.BrokerEvent;

/** Messages with their lengths before them, ready to be written. */
final class Frames {

    private Frames() {
    }

    /** A Transport message. */
    static IoBuffer of(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return IoBuffer.wrap(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
    }

    /** An event as it was received. All subscribers share the bytes. */
    static IoBuffer of(BrokerEvent event) {
        return IoBuffer.wrap(event.derived(EventFrame.class, EventFrame::of).bytes().duplicate());
    }

    private record EventFrame(ByteBuffer bytes) {

        static EventFrame of(BrokerEvent event) {
            ByteBuffer content = event.content();
            int length = content.remaining();
            return new EventFrame(ByteBuffer.allocate(4 + length).putInt(length).put(content).flip());
        }
    }
}
