package org.bolide.benchmarks.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.bolide.benchmarks.faults.Authors.Event;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A remote broker accepts and drops, sends garbage, halves of messages, impossible lengths. The subscription tries again after ever longer pauses, leaks nothing, and works when the remote does. */
final class FlappingRemoteFault implements Fault {
    private static final Amount FLAPS = new Amount("flaps", 8, 100);
    private static final Amount LONGEST_SECONDS = new Amount("longest-pause-seconds", 1, 2);
    private static final int PER_SECOND = 100;
    /** Threads and files that come and go: a worker, a compiler thread. */
    private static final int SLACK = 6;
    private static final double SHORTEST_PART = 0.5;
    private static final double EARLY_MILLIS = 20;

    @Override
    public String name() {
        return "remote";
    }

    @Override
    public String promise() {
        return "a remote broker that drops, babbles and breaks off is tried again with pauses, leaks nothing, and is read as soon as it works";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(FLAPS, LONGEST_SECONDS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        int flaps = setting.of(FLAPS);
        long longest = setting.of(LONGEST_SECONDS) * 1000L;
        int port = BrokerProcess.freePort();
        Event event = Authors.sample("remote", 1);
        try (BrokerProcess broker = setting.broker("subscriber")) {
            broker.configure("org.bolide.transport.subscription~flapping.cfg.json",
                    "{ \"host\": \"127.0.0.1\", \"port\": " + port + ", \"reconnectMaxSeconds\": " + setting.of(LONGEST_SECONDS) + " }");
            broker.start();
            try (Subscriber live = new Subscriber(broker.broadcastPort, Optional.empty());
                    Authors authors = new Authors("others", broker.receivePort, 2, 1, PER_SECOND).start()) {
                authors.ledger().awaitMore(PER_SECOND);
                long files = broker.openFiles();
                long threads = broker.threads();
                List<Long> moments;
                try (UnreliableRemote remote = new UnreliableRemote(port, flaps, event.content())) {
                    await("the event of the remote that works").atMost(Duration.ofMillis((flaps + 20) * (longest + 1000)))
                            .until(() -> live.received().contains(event.ivoid()) && !remote.receipt().isEmpty());
                    assertTrue(remote.receipt().contains(event.ivoid()), remote.receipt());
                    moments = remote.connectedAt();
                    figures.put("flaps", flaps);
                    figures.put("open-files-more", broker.openFiles() - files);
                    figures.put("threads-more", broker.threads() - threads);
                    await("no files leak").atMost(BrokerProcess.PATIENCE).until(() -> broker.openFiles() <= files + SLACK);
                    await("no threads leak").atMost(BrokerProcess.PATIENCE).until(() -> broker.threads() <= threads + SLACK);
                }
                Ledger ledger = authors.finish();
                figures.put("pause-shortest-ms", pauses(moments).millis(0));
                figures.put("pause-longest-ms", pauses(moments).millis(1));
                figures.put("acknowledged-to-others", ledger.count());
                assertEquals(flaps + 1, moments.size());
                // The first pause is a second, as the longest is in small: each is between half of it and all.
                assertTrue(pauses(moments).millis(0) >= Math.min(1000, longest) * SHORTEST_PART - EARLY_MILLIS, "shorter pauses than allowed");
                assertEquals(List.of(), ledger.repeated());
                live.awaitAll(ledger.acknowledged());
                Checks.once(live);
            }
        }
    }

    private static Times pauses(List<Long> moments) {
        return Times.of(IntStream.range(1, moments.size()).mapToObj(i -> moments.get(i) - moments.get(i - 1)).toList());
    }
}
