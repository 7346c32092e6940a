package org.bolide.broker;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.bolide.api.ReaderPlace;

/**
 * The places of the named readers, in memory, and which of them are not on disk as they are. To move a place costs next to
 * nothing, however many readers there are; {@link GroupCommit} writes those that have moved. Safe for use by any number
 * of threads; nothing blocks.
 */
final class Places {

    private final Clock clock;
    private final NavigableMap<String, Place> all = new ConcurrentSkipListMap<>();
    private final Queue<Place> moved = new ConcurrentLinkedQueue<>();
    private final Queue<Place> urgent = new ConcurrentLinkedQueue<>();

    /** @param known as they are on disk */
    Places(Map<String, ReaderPlace> known, Clock clock) {
        this.clock = clock;
        known.forEach((name, place) -> {
            Place kept = new Place(name, place.sequence(), place.usedAt().toEpochMilli());
            kept.onDisk = place.sequence();
            all.put(name, kept);
        });
    }

    /** One reader's place. */
    final class Place {

        private final String name;
        private final AtomicBoolean isMoved = new AtomicBoolean();
        private volatile long sequence;
        private volatile long usedAtMillis;
        private volatile long onDisk = -1;

        private Place(String name, long sequence, long usedAtMillis) {
            this.name = name;
            this.sequence = sequence;
            this.usedAtMillis = usedAtMillis;
        }

        String name() {
            return name;
        }

        long sequence() {
            return sequence;
        }

        void moveTo(long newSequence) {
            sequence = newSequence;
            touch();
        }

        /** It is in use at this time. */
        void touch() {
            usedAtMillis = clock.millis();
            if (!isMoved.get() && isMoved.compareAndSet(false, true)) {
                moved.add(this);
            }
        }

        boolean isOnDisk() {
            return onDisk == sequence;
        }
    }

    Optional<Place> find(String name) {
        return Optional.ofNullable(all.get(name));
    }

    /** The place of that name, or a new one: it is on disk together with the next event, which its reader must not miss. */
    Place findOrAdd(String name, long sequence) {
        Place place = new Place(name, sequence, clock.millis());
        Place known = all.putIfAbsent(name, place);
        if (known != null) {
            return known;
        }
        urgent.add(place);
        return place;
    }

    void remove(String name) {
        all.remove(name);
    }

    int size() {
        return all.size();
    }

    SortedMap<String, ReaderPlace> withPrefix(String prefix) {
        SortedMap<String, ReaderPlace> found = new TreeMap<>();
        for (Place place : all.tailMap(prefix, true).values()) {
            if (!place.name.startsWith(prefix)) {
                break;
            }
            found.put(place.name, new ReaderPlace(place.sequence, Instant.ofEpochMilli(place.usedAtMillis)));
        }
        return found;
    }

    // ---- for the writer, one thread at a time

    boolean anyToWrite() {
        return !moved.isEmpty() || !urgent.isEmpty();
    }

    /** Places on their way to the disk, each as it was when it was taken. */
    final class Due {

        private final Map<Place, Long> taken = new HashMap<>();

        void take(Place place) {
            taken.put(place, place.sequence);
        }

        void takeUrgent() {
            for (Place place = urgent.poll(); place != null; place = urgent.poll()) {
                take(place);
            }
        }

        /** Takes some that have moved. Returns whether there may be more. */
        boolean takeMoved(int most) {
            for (int i = 0; i < most; i++) {
                Place place = moved.poll();
                if (place == null) {
                    return false;
                }
                place.isMoved.set(false); // before its sequence is read: who moves it now has it written again
                take(place);
            }
            return true;
        }

        Map<String, Long> byName() {
            Map<String, Long> byName = new HashMap<>(taken.size() * 2);
            taken.forEach((place, sequence) -> {
                if (all.get(place.name) == place) { // else it is forgotten
                    byName.put(place.name, sequence);
                }
            });
            return byName;
        }

        void written() {
            taken.forEach((place, sequence) -> place.onDisk = sequence);
        }

        /** They are as urgent as they were: at once as soon as the disk can be written. */
        void failed() {
            urgent.addAll(taken.keySet());
        }
    }
}
