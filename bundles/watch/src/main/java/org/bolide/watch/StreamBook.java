package org.bolide.watch;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.bolide.api.BrokerEvent;
import org.bolide.api.KeptState;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Streams;
import org.bolide.watch.Watched.Key;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All streams and remote brokers that are known, at most a thousand, and which of them are silent. Its monitor guards it and is
 * never held while the disk is waited for. Safe for any number of threads.
 *
 * <p>Kept under {@value #KIND} are, beside a line for each stream, {@code HEARING} with the time in which the broker could hear,
 * {@code HEARING NAME} the same of a remote broker, and {@code PLACE}, the sequence up to which the events are counted.
 */
final class StreamBook implements Streams {

    static final String KIND = "stream";
    static final int MOST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StreamBook.class);
    private static final String HEARING = "HEARING";
    private static final String PLACE = "PLACE";
    /** Names come from strangers. */
    private static final int LONGEST_NAME = 500;

    private final KeptState state;
    private final InstantSource clock;
    private final Tally tally;
    private final Map<Key, Watched> watched = new HashMap<>();
    private final Remotes remotes = new Remotes();
    private final Set<Key> changed = new HashSet<>();
    private final Object writing = new Object();

    private volatile Rules rules;
    private Hearing hearing;
    private long place;

    /**
     * Reads what is kept, from disk.
     *
     * @throws UncheckedIOException if it cannot be read now
     */
    StreamBook(KeptState state, InstantSource clock, Rules rules, Tally tally) {
        this.state = state;
        this.clock = clock;
        this.rules = rules;
        this.tally = tally;
        this.hearing = new Hearing(0, clock.instant());
        state.read(KIND).forEach(this::restore);
    }

    private void restore(String key, String value) {
        String[] words = key.split(" ", 2);
        try {
            switch (words[0]) {
                case PLACE -> place = Long.parseLong(value);
                case HEARING -> {
                    if (words.length == 1) {
                        hearing = new Hearing(Long.parseLong(value), clock.instant());
                    } else {
                        remotes.restore(words[1], Long.parseLong(value), clock.instant());
                    }
                }
                default -> {
                    Key known = new Key(Kind.valueOf(words[0]), words[1]);
                    watched.put(known, Watched.read(known, value));
                }
            }
        } catch (RuntimeException e) { // of whatever another version has written
            LOG.warn("What was kept of {} cannot be read; it is learned anew", key, e);
        }
    }

    /** Takes other rules; what has been learned stays. */
    void modify(Rules now) {
        rules = now;
    }

    /** The sequence up to which all events are counted. */
    synchronized long place() {
        return place;
    }

    /** Where the log ends: a place beyond is of another log. */
    synchronized void logEndsAt(long latest) {
        place = Math.min(place, latest);
    }

    /** Events of the log, in its order. */
    void heard(List<BrokerEvent> events) {
        events.forEach(this::heard);
    }

    private synchronized void heard(BrokerEvent event) {
        if (event.sequence() > place) { // else counted before a crash that the reader's place did not survive
            place = event.sequence();
            tally.events.increment();
            count(Kind.STREAM, event.header().stream(), 1, event.receivedAt(), hearing.at(event.receivedAt()), event.header().identifier().orElse(""));
        }
    }

    /** Time has passed. To be called every few seconds. */
    synchronized void tick(List<Connection> connections) {
        Instant now = clock.instant();
        hearing.tick(now, Remotes.hear(connections));
        for (Remotes.Brought brought : remotes.look(connections, now)) {
            count(Kind.REMOTE, brought.name(), brought.events(), now, brought.hearing(), "");
        }
        Map<String, Long> ofRemotes = remotes.hearing();
        for (Watched each : watched.values()) {
            long shows = each.key().kind() == Kind.STREAM ? hearing.millis() : ofRemotes.getOrDefault(each.key().name(), 0L);
            if (rules.alarm() && each.fallsSilent(shows, rules.learning())) {
                changed.add(each.key());
                tally.alarms.increment();
                LOG.warn("{} {}; see to where it comes from, or have it forgotten if it will not come any more (`bolide streams`, `bolide streams forget NAME`)", each.key().text(), silence(each, now));
            }
        }
    }

    private void count(Kind kind, String name, long events, Instant time, long hears, String identifier) {
        Key key = new Key(kind, cut(name));
        Watched known = watched.get(key);
        long more = events;
        if (known == null) {
            makeRoom();
            known = new Watched(key, time, hears, cut(identifier));
            watched.put(key, known);
            more--;
        }
        for (long i = 0; i < more; i++) {
            known.heard(time, hears, cut(identifier), rules.learning()).ifPresent(silence ->
                    LOG.info("{} is heard again, after {}", key.text(), Spans.text(silence)));
        }
        changed.add(key);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "\u2026";
    }

    /** The longest unheard goes: of those first that are not known well, which anybody can make. */
    private void makeRoom() {
        if (watched.size() >= MOST) {
            Watched least = watched.values().stream()
                    .min(Comparator.comparing((Watched each) -> each.isKnown(rules.learning())).thenComparing(Watched::last)).orElseThrow();
            watched.remove(least.key());
            changed.add(least.key());
            tally.forgotten.increment();
            LOG.debug("{} is forgotten: there are more than {}", least.key().text(), MOST);
        }
    }

    @Override
    public synchronized List<StreamStatus> streams() {
        Instant now = clock.instant();
        return watched.values().stream().map(each -> each.status(now, rules))
                .sorted(Comparator.comparing(StreamStatus::last).reversed().thenComparing(StreamStatus::kind).thenComparing(StreamStatus::name)).toList();
    }

    @Override
    public boolean forget(Kind kind, String name) {
        Key key = new Key(kind, name);
        synchronized (writing) {
            synchronized (this) {
                if (!watched.containsKey(key)) {
                    return false;
                }
            }
            Map<String, Optional<String>> gone = new HashMap<>(Map.of(key.toString(), Optional.empty()));
            if (kind == Kind.REMOTE) {
                gone.put(HEARING + " " + name, Optional.empty());
            }
            state.write(KIND, gone);
            synchronized (this) {
                watched.remove(key);
                changed.remove(key);
                if (kind == Kind.REMOTE) {
                    remotes.forget(name);
                }
            }
            return true;
        }
    }

    /**
     * Has what has changed on disk.
     *
     * @return the sequence up to which it is
     * @throws UncheckedIOException if it cannot be written now; then the next time does
     */
    long save() {
        synchronized (writing) {
            Map<String, Optional<String>> lines = new HashMap<>();
            Set<Key> taken;
            long upTo;
            synchronized (this) {
                taken = Set.copyOf(changed);
                changed.clear();
                upTo = place;
                taken.forEach(key -> lines.put(key.toString(), Optional.ofNullable(watched.get(key)).map(Watched::write)));
                lines.put(PLACE, Optional.of(Long.toString(upTo)));
                lines.put(HEARING, Optional.of(Long.toString(hearing.millis())));
                remotes.hearing().forEach((name, shows) -> lines.put(HEARING + " " + name, Optional.of(Long.toString(shows))));
            }
            try {
                state.write(KIND, lines);
            } catch (UncheckedIOException e) {
                synchronized (this) {
                    changed.addAll(taken);
                }
                throw e;
            }
            return upTo;
        }
    }

    /** What is silent, the longest first, each in a sentence. */
    synchronized List<Silence> silences() {
        Instant now = clock.instant();
        List<Silence> silences = new ArrayList<>();
        if (rules.alarm()) {
            watched.values().stream().filter(Watched::isSilent).sorted(Comparator.comparing(Watched::last))
                    .forEach(each -> silences.add(new Silence(each.key().text(), silence(each, now), each.last())));
        }
        return silences;
    }

    /**
     * One that is silent.
     *
     * @param subject which
     * @param text that it is, a sentence without its subject and its end
     * @param since its last event
     */
    record Silence(String subject, String text, Instant since) {}

    private String silence(Watched each, Instant now) {
        StreamStatus status = each.status(now, rules);
        String usual = status.perDay().isPresent()
                ? "; usual is one every " + Spans.text(Duration.ofMillis(Math.round(86_400_000 / status.perDay().getAsDouble()))) : "";
        String longest = status.alarmAfter().map(after -> ", and no pause beyond " + Spans.text(after)).orElse("");
        return "is silent: its last event came " + Spans.text(status.last()) + usual + longest;
    }
}
