package org.bolide.benchmarks.faults;

import java.time.Duration;
import java.util.List;

import org.bolide.benchmarks.faults.Ledger.Ack;
import org.bolide.benchmarks.faults.Strangers.Manner;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Very many connections that say nothing, half of something, or a byte a second. Others are served as ever; these are cut at the time-out. */
final class HalfOpenFault implements Fault {
    private static final Amount CONNECTIONS = new Amount("connections", 400, 2000);
    private static final Amount TIMEOUT_SECONDS = new Amount("timeout-seconds", 4, 20);
    private static final int PER_SECOND = 200;
    private static final double LATE_MILLIS = 6000;

    @Override
    public String name() {
        return "half-open";
    }

    @Override
    public String promise() {
        return "connections that say nothing, half of something or a byte a second cost the others nothing and are cut at the time-out";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(CONNECTIONS, TIMEOUT_SECONDS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        int timeout = setting.of(TIMEOUT_SECONDS);
        int authorsOfNothing = setting.of(CONNECTIONS) * 3 / 4;
        int subscribers = setting.of(CONNECTIONS) - authorsOfNothing;
        try (BrokerProcess broker = setting.broker("crowded")) {
            broker.receiver("\"timeoutSeconds\": " + timeout).broadcaster("\"unsettledSeconds\": " + timeout);
            broker.start();
            try (Subscriber live = new Subscriber(broker.broadcastPort); Authors authors = new Authors("half-open", broker.receivePort, 4, 1, PER_SECOND).start();
                    Strangers toReceiver = new Strangers(); Strangers toBroadcaster = new Strangers()) {
                Normal normal = Normal.measure(authors, live);
                long files = broker.openFiles();
                long begun = System.nanoTime();
                toReceiver.connect(broker.receivePort, authorsOfNothing, Manner.values()).start();
                toBroadcaster.connect(broker.broadcastPort, subscribers, Manner.MUTE, Manner.HALF_LENGTH, Manner.DRIP).start();
                await("the strangers are there").atMost(Duration.ofSeconds(timeout)).until(() -> broker.openFiles() >= files + setting.of(CONNECTIONS) / 2);
                long most = broker.openFiles();
                await("all strangers at the receiver are cut").atMost(Duration.ofSeconds(timeout + 10L)).until(() -> toReceiver.cut() == authorsOfNothing);
                await("all at the broadcaster too").atMost(Duration.ofSeconds(timeout + 10L)).until(() -> toBroadcaster.cut() == subscribers);
                long end = System.nanoTime();
                Ledger ledger = authors.finish();
                figures.put("connections", setting.of(CONNECTIONS));
                figures.put("open-files-before", files);
                figures.put("open-files-most", most);
                figures.put("receiver-timeout-s", timeout);
                figures.putTimes("cut-by-the-receiver", toReceiver.lives());
                figures.putTimes("cut-by-the-broadcaster", toBroadcaster.lives());
                figures.put("acknowledged", ledger.count());
                assertEquals(List.of(), toReceiver.failures());
                assertEquals(List.of(), toBroadcaster.failures());
                assertTrue(toReceiver.lives().millis(0) >= timeout * 900.0, "none is cut before its time");
                assertTrue(toReceiver.lives().millis(1) <= timeout * 1000.0 + LATE_MILLIS, "all are cut in time");
                assertTrue(toBroadcaster.lives().millis(0) >= timeout * 900.0, "no subscriber is cut before its time");
                assertEquals(List.of(), ledger.repeated().stream().map(Ack::ivoid).toList(), "events that were not acknowledged at once");
                normal.compare(ledger, live, begun, end, figures);
                live.awaitAll(ledger.acknowledged());
                assertEquals(1, live.sessions(), "sessions of the one that behaves");
                await("their sockets are closed").atMost(BrokerProcess.PATIENCE).until(() -> broker.openFiles() <= files);
            }
        }
    }
}
