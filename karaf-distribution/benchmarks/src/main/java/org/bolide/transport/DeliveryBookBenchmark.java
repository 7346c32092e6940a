package org.bolide.transport;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Deliveries.Answer;
import org.bolide.testkit.TestEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to remember a delivery and its answer; with {@code -t 2} also how threads that do nothing else get in each other's way. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeliveryBookBenchmark {

    private static final int EVENTS = 64;

    private final DeliveryBook book = new DeliveryBook("broadcaster.public");

    /** Who is sent to. */
    @State(Scope.Thread)
    public static class Session {

        /** How many events are sent in one go. */
        @Param({"1", "64"})
        int batch;

        private DeliveryBook.Receiver receiver;
        private List<BrokerEvent> events;
        private List<BrokerEvent> some;

        @Setup
        public void enter(DeliveryBookBenchmark all) {
            receiver = all.book.enter("192.0.2.1:4711");
            events = LongStream.rangeClosed(1, EVENTS).mapToObj(sequence -> (BrokerEvent) TestEvent.of(sequence, "ivo://test.author/x#1", "")).toList();
            some = events.subList(0, batch);
        }
    }

    /** Sixty-four events, so many at a time. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long send(Session session) {
        long last = 0;
        for (int sent = 0; sent < EVENTS; sent += session.batch) {
            last = book.sent(session.some, session.receiver);
        }
        return last;
    }

    /** The same, each answered. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long sendAndAnswer(Session session) {
        long last = 0;
        for (int sent = 0; sent < EVENTS; sent += session.batch) {
            last = book.sent(session.some, session.receiver);
            for (int i = 0; i < session.batch; i++) {
                book.answered(last + i, Answer.ACKNOWLEDGED, 1_000_000);
            }
        }
        return last;
    }
}
