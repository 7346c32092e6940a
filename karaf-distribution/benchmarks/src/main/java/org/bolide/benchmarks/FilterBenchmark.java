package org.bolide.benchmarks;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.EventHeader;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.Reading;
import org.bolide.filtering.FilterRegistry;
import org.bolide.filtering.XPathLanguage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * All filters of a workload on all events, with the events' trees in memory, as libxml2 has them. Each pass has fresh
 * events, because a verdict that is known is not computed again.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 40)
@Measurement(iterations = 20)
public class FilterBenchmark {

    /** So many verdicts at least are timed at once. */
    private static final int LEAST_VERDICTS = 20_000;

    @Param({"PAPER_1", "PAPER_2", "PAPER_3", "PAPER_4", "PUBLIC_1000", "INDEXABLE_10000"})
    public String workload;

    private final FilterLanguage language = new XPathLanguage(new FilterRegistry());
    private final List<EventExpression> filters = new ArrayList<>();
    private final List<BrokerEvent> events = new ArrayList<>();
    private List<byte[]> contents;
    private EventExpression treeMaker;

    /** How many events are one pass. */
    static int eventsOfAPass(FilterWorkload workload) {
        int events = workload.events().size();
        int verdicts = events * workload.filters().size();
        return events * (verdicts >= LEAST_VERDICTS ? 1 : LEAST_VERDICTS / verdicts + 1);
    }

    @Setup(Level.Trial)
    public void compile() throws FilterSyntaxException {
        contents = FilterWorkload.valueOf(workload).events();
        treeMaker = language.compile("count(/*/node()) >= 0", Map.of());
        for (String filter : FilterWorkload.valueOf(workload).filters()) {
            filters.add(language.compile(filter, Map.of()));
        }
    }

    @Setup(Level.Iteration)
    public void read() {
        events.clear();
        int count = eventsOfAPass(FilterWorkload.valueOf(workload));
        Reading reading = new Reading(EventHeader.of(new QName("VOEvent")), List.of());
        for (int i = 0; i < count; i++) {
            BrokerEvent event = new DetachedEvent(
                    reading, ByteBuffer.wrap(contents.get(i % contents.size())), "benchmark", Instant.EPOCH);
            treeMaker.matches(event);
            events.add(event);
        }
    }

    /** Microseconds for one pass; the result is how many verdicts were positive. */
    @Benchmark
    public int pass() {
        int passed = 0;
        for (BrokerEvent event : events) {
            for (EventExpression filter : filters) {
                if (filter.matches(event)) {
                    passed++;
                }
            }
        }
        return passed;
    }
}
