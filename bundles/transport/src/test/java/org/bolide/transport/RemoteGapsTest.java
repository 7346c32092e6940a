package org.bolide.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

import org.bolide.api.KeptState;
import org.bolide.api.management.Gaps.Gap;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RemoteGapsTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final MemoryBroker broker = new MemoryBroker();
    private Instant now = START;
    private RemoteGaps gaps = open("north", "a.example:8099", broker);

    @AfterEach
    void close() {
        broker.close();
    }

    private RemoteGaps open(String name, String address, KeptState state) {
        return new RemoteGaps("subscription." + name, address, state, () -> now);
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    private static Gap gap(long from, long until, OptionalLong missed) {
        return new Gap("subscription.north", at(from), Optional.of(at(until)), missed);
    }

    @Test
    void shouldShowAGapWhileItLastsAndAfterwards() {
        gaps.heard(at(0));
        assertEquals(List.of(), gaps.gaps());
        gaps.lost(at(60));
        now = at(61);
        assertEquals(List.of(), gaps.gaps());
        now = at(62);
        assertEquals(List.of(new Gap("subscription.north", at(60), Optional.empty(), OptionalLong.empty())), gaps.gaps());
        gaps.heard(at(90));
        assertEquals(List.of(gap(60, 90, OptionalLong.empty())), gaps.gaps());
    }

    @Test
    void shouldLeaveOutShortGapsUnlessSomethingIsGone() {
        gaps.heard(at(0));
        gaps.lost(at(60));
        gaps.heard(at(61));
        gaps.missed(0);
        assertEquals(List.of(), gaps.gaps());
        gaps.missed(3);
        assertEquals(List.of(gap(60, 61, OptionalLong.of(3))), gaps.gaps());
    }

    @Test
    void shouldTellWhatIsGone() {
        gaps.missed(5); // of the time before the first connection
        gaps.heard(at(0));
        gaps.lost(at(60));
        gaps.heard(at(90));
        gaps.missed(0);
        assertEquals(List.of(gap(60, 90, OptionalLong.of(0))), gaps.gaps());
        gaps.missed(4);
        gaps.missed(3);
        assertEquals(List.of(gap(60, 90, OptionalLong.of(7))), gaps.gaps());
    }

    @Test
    void shouldKnowAfterARestart() {
        gaps.heard(at(0));
        gaps.lost(at(60));
        gaps.heard(at(90));
        gaps.missed(0);
        gaps.stillHeard(at(150));
        gaps.write();

        gaps = open("north", "a.example:8099", broker);
        now = at(200);
        assertEquals(List.of(gap(60, 90, OptionalLong.of(0)), new Gap("subscription.north", at(150), Optional.empty(), OptionalLong.empty())), gaps.gaps());
        gaps.heard(at(210));
        assertEquals(List.of(gap(60, 90, OptionalLong.of(0)), gap(150, 210, OptionalLong.empty())), gaps.gaps());

        assertEquals(List.of(), open("nor", "a.example:8099", broker).gaps());
        assertEquals(List.of(), open("north ", "a.example:8099", broker).gaps());
        assertEquals(1, open("north", "b.example:8099", broker).gaps().size()); // that one was never heard
    }

    @Test
    void shouldBeginAnewWithAnotherRemoteBroker() {
        gaps.heard(at(0));
        gaps.lost(at(60));
        gaps.moved("b.example:8099");
        now = at(100);
        assertEquals(List.of(), gaps.gaps());
        gaps.heard(at(110));
        assertEquals(List.of(), gaps.gaps());
    }

    @Test
    void shouldKeepTheNewestHundred() {
        for (int i = 0; i < 150; i++) {
            gaps.heard(at(100 * i));
            gaps.lost(at(100 * i + 50));
        }
        gaps.heard(at(15_000));
        assertEquals(100, gaps.gaps().size());
        gaps.write();
        List<Gap> kept = open("north", "a.example:8099", broker).gaps();
        assertEquals(gaps.gaps(), kept);
        assertEquals(at(14_950), kept.get(99).from());
        assertEquals(101, broker.read(RemoteGaps.KIND).size());
    }

    @Test
    void shouldWriteLaterWhatCannotBeWrittenNow() {
        Broken state = new Broken();
        gaps = open("north", "a.example:8099", state);
        try (CapturedLog log = new CapturedLog()) {
            gaps.heard(at(0));
            gaps.write();
            gaps.stillHeard(at(60));
            gaps.write();
            assertEquals(1, log.text().lines().filter(line -> line.contains("WARN")).count(), log.text());
            assertTrue(log.text().contains("cannot be kept"), log.text());
        }
        state.broken = false;
        gaps.write();
        assertEquals(Map.of("subscription.north heard", at(60) + " a.example:8099"), broker.read(RemoteGaps.KIND));
    }

    private final class Broken implements KeptState {

        private boolean broken = true;

        @Override
        public SortedMap<String, String> read(String kind) {
            return broker.read(kind);
        }

        @Override
        public void write(String kind, Map<String, Optional<String>> changes) {
            if (broken) {
                throw new UncheckedIOException(new IOException("full"));
            }
            broker.write(kind, changes);
        }
    }
}
