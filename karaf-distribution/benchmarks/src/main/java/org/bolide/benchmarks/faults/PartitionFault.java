package org.bolide.benchmarks.faults;

import java.time.Duration;
import java.util.List;

import static org.awaitility.Awaitility.await;

/** The network between two brokers passes nothing for a while, and nobody is told. Afterwards the one downstream has everything. */
final class PartitionFault implements Fault {
    private static final Amount SECONDS = new Amount("partition-seconds", 5, 120);
    private static final Amount IDLE_SECONDS = new Amount("idle-seconds", 2, 20);
    private static final int PER_SECOND = 200;
    private static final int ENOUGH = 300;

    @Override
    public String name() {
        return "partition";
    }

    @Override
    public String promise() {
        return "when two brokers were cut off from each other and are not any more, the one downstream has everything once";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(SECONDS, IDLE_SECONDS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Recorded recorded = new Recorded(setting.folder().resolve("recorded"));
        try (BrokerProcess up = setting.broker("up"); BrokerProcess down = setting.broker("down").recordTo(recorded.file())) {
            up.broadcaster("\"iamaliveSeconds\": 1").start();
            try (StallingProxy network = new StallingProxy(up.broadcastPort)) {
                down.configure("org.bolide.transport.cfg", "localIvoid = ivo://test.bolide/downstream");
                down.configure("org.bolide.transport.subscription~up.cfg.json", "{ \"host\": \"127.0.0.1\", \"port\": " + network.port() + ", \"idleSeconds\": "
                        + setting.of(IDLE_SECONDS) + ", \"reconnectMaxSeconds\": 2 }");
                down.start();
                down.awaitLog("subscription.*connected to");
                try (Subscriber live = new Subscriber(down.broadcastPort); Authors authors = new Authors("partition", up.receivePort, 4, 1, PER_SECOND).start()) {
                    authors.ledger().awaitMore(ENOUGH);
                    await("something downstream").atMost(BrokerProcess.PATIENCE).until(() -> live.count() > 0);
                    network.stall();
                    long stalled = System.nanoTime();
                    await("the partition lasts").pollDelay(Duration.ofSeconds(setting.of(SECONDS))).atMost(Duration.ofSeconds(setting.of(SECONDS) + 10L)).until(() -> true);
                    long healed = System.nanoTime();
                    network.heal();
                    long first = awaitSince(live, healed);
                    authors.ledger().awaitMore(ENOUGH);
                    Ledger ledger = authors.finish();
                    figures.put("partition-s", (healed - stalled) / 1e9);
                    figures.put("acknowledged-upstream-meanwhile", ledger.within(stalled, healed).size());
                    figures.put("acknowledged", ledger.count());
                    figures.put("first-event-after-ms", (first - healed) / 1e6);
                    figures.put("connections", down.log("subscription.*connected to").size());
                    Checks.recorded(ledger, recorded, 0);
                    live.awaitAll(ledger.acknowledged());
                    figures.put("all-there-after-ms", (System.nanoTime() - healed) / 1e6);
                    Checks.once(live);
                    Checks.inLog(ledger, LogContents.of(down.base));
                }
            }
        }
    }

    private static long awaitSince(Subscriber live, long healed) {
        int before = live.count();
        await("an event after the partition").atMost(BrokerProcess.PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> live.count() > before);
        return live.deliveries().stream().mapToLong(Subscriber.Delivery::at).filter(at -> at > healed).min().orElseThrow();
    }
}
