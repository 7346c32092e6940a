package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.bolide.benchmarks.faults.Ledger.Ack;
import org.bolide.benchmarks.faults.LogContents.Entry;
import org.bolide.benchmarks.faults.Strangers.Manner;
import org.bolide.testkit.Tools;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The machine's clock is set back by an hour, and on again, while the broker runs (libfaketime; the clock that only goes forward is left alone, as it would be). Order,
 * sessions, time-outs and what is kept do not change; nor do they when the broker is started again before the time at which it was stopped.
 */
final class ClockFault implements Fault {
    private static final Amount HOURS = new Amount("hours-back", 1, 1);
    private static final int PER_SECOND = 200;
    private static final int ENOUGH = 100;
    private static final int STRANGERS = 12;
    private static final int TIMEOUT_SECONDS = 2;
    private static final int UNSETTLED_SECONDS = 2;
    private static final double LATEST_CUT_MILLIS = 8000;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public String promise() {
        return "the clock is set back by an hour and on again: order, sessions, time-outs and what is kept stay as they are";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(HOURS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Recorded recorded = new Recorded(setting.folder().resolve("recorded"));
        Path clock = setting.folder().resolve("clock");
        set(clock, 0);
        Duration back = Duration.ofHours(setting.of(HOURS));
        try (BrokerProcess broker = setting.broker("timeless").recordTo(recorded.file())) {
            broker.receiver("\"timeoutSeconds\": " + TIMEOUT_SECONDS).broadcaster("\"unsettledSeconds\": " + UNSETTLED_SECONDS);
            broker.by(List.of(), Map.of("LD_PRELOAD", library().toString(), "FAKETIME_TIMESTAMP_FILE", clock.toString(), "FAKETIME_CACHE_DURATION", "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC", "1", "FAKETIME_FORCE_MONOTONIC_FIX", "0"));
            broker.start();
            try (Subscriber live = new Subscriber(broker.broadcastPort);
                    Authors authors = new Authors("clock", broker.receivePort, 4, 1, PER_SECOND).start()) {
                Normal normal = Normal.measure(authors, live);
                long begun = System.nanoTime();
                set(clock, -back.toSeconds());
                authors.ledger().awaitMore(ENOUGH);
                cutInTime(broker);
                set(clock, 0);
                authors.ledger().awaitMore(ENOUGH);
                cutInTime(broker);
                long end = System.nanoTime();
                set(clock, -back.toSeconds());
                authors.ledger().awaitMore(ENOUGH);
                assertEquals(1, live.sessions(), "sessions of the subscriber");
                broker.terminate();
                broker.start();
                live.awaitConnected();
                authors.ledger().awaitMore(ENOUGH);
                Ledger ledger = authors.finish();
                LogContents log = LogContents.of(broker.base);
                double fellBack = fellBack(log.entries());
                figures.put("acknowledged", ledger.count());
                figures.put("events-received-earlier-than-one-before-by-s", fellBack);
                assertTrue(fellBack >= back.toSeconds() * 0.9, () -> "the clock has not been set back: only by " + fellBack + " s");
                assertEquals(List.of(), ledger.within(begun, end).stream().filter(ack -> ack.submissions() > 1).map(Ack::ivoid).toList(), "not acknowledged at once");
                normal.compare(ledger, live, begun, end, figures);
                Checks.inLog(ledger, log);
                Checks.recorded(ledger, recorded, 0);
                assertEquals(0, recorded.repetitions(), "repeated to the handler");
                Checks.once(live);
            }
        }
    }

    /** Time-outs of half-open connections are by the clock that only goes forward. */
    private static void cutInTime(BrokerProcess broker) throws IOException {
        try (Strangers authors = new Strangers(); Strangers subscribers = new Strangers()) {
            authors.connect(broker.receivePort, STRANGERS, Manner.values()).start();
            subscribers.connect(broker.broadcastPort, STRANGERS, Manner.MUTE).start();
            await("time-outs").atMost(Duration.ofSeconds(20)).until(() -> authors.cut() == STRANGERS && subscribers.cut() == STRANGERS);
            assertTrue(authors.lives().millis(0) >= TIMEOUT_SECONDS * 900.0 && authors.lives().millis(1) <= LATEST_CUT_MILLIS, "authors' time-outs");
            assertTrue(subscribers.lives().millis(0) >= UNSETTLED_SECONDS * 900.0 && subscribers.lives().millis(1) <= LATEST_CUT_MILLIS, "subscribers' time-outs");
        }
    }

    /** How far the time of receipt goes back most from one entry of the log to the next: the log is in the order of arrival all the same. */
    private static double fellBack(List<Entry> entries) {
        double most = 0;
        for (int i = 1; i < entries.size(); i++) {
            most = Math.max(most, Duration.between(Instant.parse(entries.get(i).receivedAt()), Instant.parse(entries.get(i - 1).receivedAt())).toMillis() / 1e3);
        }
        return most;
    }

    private static void set(Path clock, long seconds) throws IOException {
        Path partial = Files.writeString(clock.resolveSibling("clock.part"), (seconds < 0 ? "" : "+") + seconds + "\n");
        Files.move(partial, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path library() throws IOException {
        for (Path lib : List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"), Path.of("/usr/local/lib"))) {
            if (Files.isDirectory(lib)) {
                try (Stream<Path> found = Files.find(lib, 4, (path, attributes) -> path.getFileName().toString().equals("libfaketimeMT.so.1"))) {
                    var first = found.findFirst();
                    if (first.isPresent()) {
                        return first.get();
                    }
                }
            }
        }
        throw Tools.absent("faketime", "there is no libfaketimeMT.so.1 under /usr/lib");
    }
}
