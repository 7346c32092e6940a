package org.bolide.benchmarks.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.bolide.benchmarks.faults.Ledger.Ack;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kill -9} at random moments. Everything acknowledged is in the log, and reaches a handler, save-event and a named subscriber at least once. What had no receipt is
 * submitted again by its author: it is in the log once, and no handler and no live subscriber gets it as a second event.
 */
final class KillFault implements Fault {
    private static final Amount KILLS = new Amount("kills", 3, 50);
    /** At a random moment, that is after at most so many acknowledgements. */
    private static final Amount EVENTS = new Amount("most-events-before-a-kill", 500, 1000);
    private static final int AUTHORS = 8;
    private static final int WINDOW = 4;
    private static final int FEWEST = 50;

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public String promise() {
        return "after kill -9 under load all that was acknowledged is in the log and reaches every durable reader; what is submitted again is no second event";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(KILLS, EVENTS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Path saved = setting.folder().resolve("saved");
        Recorded recorded = new Recorded(setting.folder().resolve("recorded"));
        Random random = new Random();
        int kills = setting.of(KILLS);
        List<Long> starts = new ArrayList<>();
        try (BrokerProcess broker = setting.broker("killed").saveTo(saved).recordTo(recorded.file())) {
            broker.start();
            try (Subscriber live = new Subscriber(broker.broadcastPort);
                    Subscriber remembered = new Subscriber(broker.broadcastPort, Optional.of("kill"));
                    Authors authors = new Authors("kill", broker.receivePort, AUTHORS, WINDOW, 0).start()) {
                for (int kill = 0; kill < kills; kill++) {
                    authors.ledger().awaitMore(FEWEST + random.nextInt(setting.of(EVENTS) - FEWEST));
                    broker.kill();
                    starts.add(broker.start().toNanos());
                }
                live.awaitConnected();
                authors.ledger().awaitMore(FEWEST);
                Ledger ledger = authors.finish();
                figures.put("kills", kills);
                figures.put("acknowledged", ledger.count());
                figures.put("submitted-again", ledger.repeated().size());
                figures.put("of-these-in-the-log-already", ledger.repeated().stream().filter(Ack::duplicate).count());
                figures.putTimes("start", Times.of(starts));
                figures.put("longest-outage-s", ledger.longestGap().toMillis() / 1e3);
                Checks.inLog(ledger, LogContents.of(broker.base));
                Checks.recorded(ledger, recorded, kills);
                Checks.saved(ledger, saved);
                Checks.once(live);
                remembered.awaitAll(ledger.acknowledged());
                Checks.once(remembered);
                figures.put("repeated-to-the-handler", recorded.repetitions());
                figures.put("repeated-to-the-live-subscriber", live.redelivered());
                figures.put("repeated-to-the-named-subscriber", remembered.redelivered());
                assertTrue(live.count() > 0 && live.sessions() > kills, () -> "the live subscriber had " + live.sessions() + " sessions");
            }
        }
    }
}
