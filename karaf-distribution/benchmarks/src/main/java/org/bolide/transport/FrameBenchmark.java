package org.bolide.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.bolide.api.BrokerEvent;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.TestEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a delivery costs between the log and the socket, and an ack between the socket and what it settles. In the package
 * of what it times, which nobody else needs to see.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {

    private static final String IDENTIFIER = "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_595123-412";

    private final byte[] ack = TransportWriter.ack(TransportMessage.NAMESPACE, IDENTIFIER, "ivo://subscriber.example/of-events", "")
            .getBytes(StandardCharsets.UTF_8);
    private final BrokerEvent event = TestEvent.of(1, TestEvent.header(Optional.of(IDENTIFIER)), SampleEvents.swift());
    private final ByteBuffer frame = ByteBuffer.allocate(Frames.size(event));
    private final ByteBuffer outside = ByteBuffer.allocateDirect(64 * 1024);
    private final FrameReader reader = new FrameReader(() -> 1 << 20);

    public FrameBenchmark() {
        Frames.put(event, frame);
    }

    /** An ack that names the event that is due. */
    @Benchmark
    public boolean recogniseAck() {
        return Acks.isAckOf(IDENTIFIER, ack, 0, ack.length);
    }

    /** An ack that does not, or is written in an unusual way. */
    @Benchmark
    public Object scanAck() {
        return Scan.answer(ack);
    }

    /** An event of an author, from what was read to bytes of its own. */
    @Benchmark
    public byte[] cutEvent() throws BadFrameException {
        return reader.read(frame.rewind());
    }

    /** An event of the log, to the buffer that is written to a subscriber. */
    @Benchmark
    public ByteBuffer encodeEvent() {
        outside.clear();
        Frames.put(event, outside);
        return outside;
    }

    /** The receipt for an author. */
    @Benchmark
    public Object encodeAck() {
        return Frames.of(TransportWriter.ack(TransportMessage.NAMESPACE, IDENTIFIER, "ivo://broker.example/public", ""));
    }
}
