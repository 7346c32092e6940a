package org.bolide.benchmarks.faults;

import java.time.Duration;
import java.util.List;

import org.bolide.benchmarks.faults.Ledger.Ack;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Handlers that throw, hang and leak come and go while another one is replaced, under load. Authors, subscribers and the other handlers notice nothing. */
final class HandlerFault implements Fault {
    private static final Amount REPLACEMENTS = new Amount("replacements", 2, 20);
    private static final Amount MEGABYTES = new Amount("leak-megabytes", 100, 150);
    private static final int PER_SECOND = 200;
    private static final int ENOUGH = 100;
    /** What the heap may have more than before, once the one that leaked is gone: events in memory, caches. */
    private static final long REST = 24 << 20;
    /** Each look costs the broker a full collection. */
    private static final Duration HEAP_POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = BrokerProcess.PATIENCE;

    @Override
    public String name() {
        return "handlers";
    }

    @Override
    public String promise() {
        return "a handler that throws, hangs, leaks or is replaced under load disturbs nobody; with it goes its memory";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(REPLACEMENTS, MEGABYTES);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Recorded recorded = new Recorded(setting.folder().resolve("recorded"));
        try (BrokerProcess broker = setting.broker("host").recordTo(recorded.file())) {
            broker.configure("org.bolide.broker.lanes.cfg", "stopSeconds = 1");
            broker.start();
            try (Subscriber live = new Subscriber(broker.broadcastPort); Authors authors = new Authors("handlers", broker.receivePort, 4, 1, PER_SECOND).start()) {
                Normal normal = Normal.measure(authors, live);
                long heapBefore = broker.heap().bytes();
                long begun = System.nanoTime();
                broker.handler("thrower", Thrower.class, "").handler("hanger", Hanger.class, "").handler("leaker", Leaker.class, ", \"megabytes\": " + setting.of(MEGABYTES));
                broker.awaitLog("WARN.*thrower .*failed");
                broker.awaitLog("handler hanger .*reads on");
                long leak = (long) setting.of(MEGABYTES) << 20;
                await("the leak").atMost(PATIENCE).pollInterval(HEAP_POLL).until(() -> broker.heap().bytes() > heapBefore + leak * 8 / 10);
                long heapLeaked = broker.heap().bytes();
                for (int version = 2; version < 2 + setting.of(REPLACEMENTS); version++) {
                    int replaced = version;
                    broker.jar("lines", Lines.class, version);
                    await("version " + version).atMost(PATIENCE).until(() -> recorded.calls().stream().anyMatch(call -> call.version() == replaced));
                }
                for (String name : List.of("thrower", "hanger", "leaker")) {
                    broker.removeHandler(name);
                }
                broker.awaitLog("WARN.*handler hanger .*ignores the interruption");
                await("the leaking handler's classes and memory go").atMost(PATIENCE).pollInterval(HEAP_POLL).until(() -> {
                    HeapContents heap = broker.heap();
                    return !heap.hasAny(Leaker.class) && !heap.hasAny(Thrower.class) && heap.bytes() < heapBefore + REST;
                });
                authors.ledger().awaitMore(ENOUGH);
                long end = System.nanoTime();
                Ledger ledger = authors.finish();
                figures.put("acknowledged", ledger.count());
                figures.put("replacements", setting.of(REPLACEMENTS));
                figures.put("heap-before-mb", heapBefore >> 20);
                figures.put("heap-leaked-mb", heapLeaked >> 20);
                figures.put("heap-after-mb", broker.heap().bytes() >> 20);
                assertEquals(List.of(), ledger.repeated().stream().map(Ack::ivoid).toList(), "events that were not acknowledged at once");
                normal.compare(ledger, live, begun, end, figures);
                Checks.inLog(ledger, LogContents.of(broker.base));
                Checks.recorded(ledger, recorded, 0);
                live.awaitAll(ledger.acknowledged());
                Checks.once(live);
                assertEquals(0, recorded.repetitions(), "repeated to the handler that was replaced");
                assertEquals(1, live.sessions());
                assertTrue(broker.isAlive());
            }
        }
    }
}
