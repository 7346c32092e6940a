package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The promises, as assertions on what authors know and readers got. */
final class Checks {
    private static final int SHOWN = 5;

    private Checks() { }

    /** Everything acknowledged is in the log, each event once. */
    static void inLog(Ledger ledger, LogContents log) {
        contains("the log", log.ivoids(), ledger.acknowledged());
        assertEquals(0, log.copies(), "second copies in the log");
        assertEquals(List.of(), ledger.refusals(), "refusals");
    }

    /** Everything acknowledged has reached the handler, and nothing as two entries of the log; its place went back no more often than there were crashes. */
    static void recorded(Ledger ledger, Recorded recorded, int crashes) throws IOException {
        recorded.awaitAll(ledger.acknowledged());
        none("second copies at the handler", recorded.copies());
        assertTrue(recorded.rewinds() <= crashes, () -> "the handler's place went back more often than " + crashes + " times");
    }

    /** Everything acknowledged is a file of save-event. */
    static void saved(Ledger ledger, Path folder) {
        Set<String> expected = new TreeSet<>();
        ledger.acknowledged().forEach(ivoid -> expected.add(ivoid.replaceAll("[^A-Za-z0-9._+-]+", "_") + ".xml"));
        await("all " + expected.size() + " events saved").atMost(BrokerProcess.CATCH_UP).pollInterval(Duration.ofMillis(500)).until(() -> names(folder).containsAll(expected));
    }

    /** Nothing reached the subscriber a second time. */
    static void once(Subscriber subscriber) {
        none("second copies at a subscriber", subscriber.copies());
    }

    static void none(String what, Collection<?> found) {
        assertTrue(found.isEmpty(), () -> found.size() + " " + what + ", such as " + found.stream().limit(SHOWN).toList());
    }

    static void contains(String where, Set<String> there, Set<String> expected) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(there);
        none("acknowledged events are not in " + where + ", of " + expected.size(), missing);
    }

    private static Set<String> names(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }
}
