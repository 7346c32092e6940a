package org.bolide.transport;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.transport.Names.Claim;
import org.bolide.transport.ReplayFrom.BadReplayException;
import org.bolide.transport.Resumption.Left;

/**
 * Where one subscriber is in the log: the reader that it is fed from, and, if it has a name, the reader that keeps what it
 * has settled. These are one and the same when a known subscriber comes back. They are two when it began before it said its
 * name, so that its place stays before what it has not settled, and when it asked for a replay. Used in its delivery's work
 * only, but for {@link #name}, {@link #isAsked}, {@link #isToKeep} and {@link #answered}.
 */
final class Place {

    /** No slash: it ends the name of a reader. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~+@-]{1,64}");
    private static final Pattern URI = Pattern.compile("\\S{1,256}");

    private final SubscriberLink link;
    private final Broadcaster broadcaster;
    private final Unsettled unsettled;
    private final Names.Holder holder;

    private EventReader reader;
    private EventReader keeper;
    private Claim claim;
    private long missed;
    private Optional<Start> replay = Optional.empty();

    private long connectedAt;
    private boolean held;
    private boolean resumed;

    private final AtomicBoolean awaitsAnswers = new AtomicBoolean();
    private volatile String name;
    /** What the keeper was told last. */
    private volatile long kept;
    private volatile boolean asked;

    /**
     * What a subscriber asks for beside filters.
     *
     * @param replayFrom as it was written
     * @param subscriber the name under which it asks to be remembered
     * @param uri what it calls itself
     */
    record Wish(Optional<String> replayFrom, Optional<String> subscriber, Optional<String> uri) {

        static Wish of(TransportMessage message) {
            return new Wish(message.extension(TransportMessage.REPLAY_FROM), message.extension(TransportMessage.SUBSCRIBER), message.response());
        }

        boolean isNone() {
            return replayFrom.isEmpty() && subscriber.isEmpty();
        }
    }

    Place(SubscriberLink link, Broadcaster broadcaster, Unsettled unsettled, Names.Holder holder) {
        this.link = link;
        this.broadcaster = broadcaster;
        this.unsettled = unsettled;
        this.holder = holder;
    }

    /**
     * Opens it at the end of the log.
     *
     * @param left where a subscriber goes on that lost its connection
     */
    void open(Optional<Left> left) {
        connectedAt = broadcaster.log().latest();
        if (left.isPresent() && left.get().done() < connectedAt) {
            resumed = true;
            held = left.get().filtered();
            broadcaster.counters().count("resumed");
            broadcaster.peerLog().info("{}: {} has come back and goes on after sequence {} of {}, where it was", broadcaster.name(), link.address,
                    left.get().done(), connectedAt);
            readFrom(new Start.Again(left.get().done()));
        } else {
            readFrom(new Start.Latest());
        }
    }

    /** Whether nothing is sent yet because its filters are to be expected. */
    boolean isHeld() {
        return held;
    }

    /** It has asked, or is not expected to any more. */
    void letGo() {
        held = false;
    }

    /** It has not asked for the filters that it had: it is somebody else, who begins where it connected. */
    void abandon() {
        readFrom(new Start.Again(connectedAt));
    }

    /**
     * Whether more can be sent now: not while the name is still another connection's, and, to who is being caught up, not
     * while so much is unanswered that more would have it cut.
     */
    boolean isReady() {
        return reader != null && !held && (claim == null || keeper != null) && !waitsForAnswers();
    }

    /** How many events may be read now and sent at once; to be asked where {@link #isReady}. */
    int room(int most) {
        return asked || resumed ? Math.max(1, Math.min(most, maxUnanswered() - unsettled.size())) : most;
    }

    private int maxUnanswered() {
        return Math.max(1, broadcaster.maxUnsettled() / 2);
    }

    private boolean waitsForAnswers() {
        if (!asked && !resumed || unsettled.size() < maxUnanswered()) {
            return false;
        }
        awaitsAnswers.set(true);
        return unsettled.size() >= maxUnanswered() || !awaitsAnswers.compareAndSet(true, false);
    }

    /** Whether an answer is waited for; says so once. From any thread. */
    boolean answered() {
        return awaitsAnswers.get() && unsettled.size() < maxUnanswered() && awaitsAnswers.compareAndSet(true, false);
    }

    /** What to read from. */
    EventReader reader() {
        return reader;
    }

    /** All events up to this one were sent, or were not for this subscriber. */
    void reached(long sequence) {
        unsettled.reached(sequence);
        if (reader != keeper) {
            reader.commit(sequence);
        }
    }

    /** To be called after reading: says how many events have expired before they could be read. */
    void tellMissed() {
        long more = reader.missed() - missed;
        if (more > 0) {
            missed = reader.missed();
            broadcaster.peerLog().warn("{}: {} events expired before {} was ready for them", broadcaster.name(), more, link.address);
            if (asked) {
                link.tell(OptionalLong.of(more), more + " events that would come first are gone: they have expired, and this broker does not have them any more");
            }
        }
    }

    /** Whether the subscriber has ever asked for more than filters. */
    boolean isAsked() {
        return asked;
    }

    /** The name under which it is remembered. */
    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /**
     * Takes what the subscriber asks for, or nothing of it.
     *
     * @return why it cannot be had, and what can
     */
    Optional<String> take(Wish wish) {
        if (wish.isNone()) {
            return Optional.empty();
        }
        EventLog log = broadcaster.log();
        Optional<Start> from = Optional.empty();
        if (wish.replayFrom().isPresent()) {
            try {
                from = Optional.of(ReplayFrom.parse(wish.replayFrom().get(), log.latest(), Instant.now()));
            } catch (BadReplayException e) {
                return Optional.of(e.getMessage());
            }
        }
        Optional<String> refusal = wish.subscriber().flatMap(text -> claim(text, wish.uri()));
        if (refusal.isPresent()) {
            return refusal;
        }
        asked = true;
        replay = from.or(() -> replay);
        if (claim == null || keeper != null) {
            begin(OptionalLong.empty());
        }
        return Optional.empty();
    }

    private Optional<String> claim(String text, Optional<String> uri) {
        if (name != null) {
            return text.equals(name) ? Optional.empty()
                    : Optional.of("this connection has the name '" + name + "'; connect anew to use another");
        }
        if (!NAME.matcher(text).matches()) {
            return Optional.of("the subscriber's name '" + Shown.line(text, 80) + "' cannot be used;"
                    + " allowed are 1 to 64 of the letters A to Z and a to z, digits, and . _ ~ + @ -");
        }
        if (uri.filter(said -> URI.matcher(said).matches()).isEmpty()) {
            return Optional.of("a subscriber that wants to be remembered says who it is: put its IVOID or another URI,"
                    + " of at most 256 characters without blanks, into Response");
        }
        String network = broadcaster.networkOf(link.inetAddress());
        int most = broadcaster.config().maxNamesPerNetwork();
        Optional<Claim> mine = broadcaster.node().names().claim(broadcaster.log(), network, Names.reader(network, uri.get(), text), most, holder);
        if (mine.isEmpty()) {
            return Optional.of(most + " subscribers of " + network + " are remembered already, and no more can be (maxNamesPerNetwork)");
        }
        claim = mine.get();
        name = text;
        link.outgoing().named(text);
        return Optional.empty();
    }

    /** The name is free. */
    void named() {
        String key = claim.name();
        boolean known = broadcaster.log().places(key).containsKey(key);
        if (known) {
            keeper = broadcaster.log().open(ReaderSpec.named(key, new Start.Latest()).settingPace());
            readFrom(keeper);
        } else {
            // What was sent before the name was known counts when it is settled, and not before.
            keeper = broadcaster.log().open(ReaderSpec.named(key, new Start.After(unsettled.done())));
        }
        kept = keeper.place();
        begin(known && replay.isEmpty() ? OptionalLong.of(0) : OptionalLong.empty());
    }

    /**
     * Goes to where the subscriber wants to be.
     *
     * @param missed what it is told: 0 when it goes on where it was
     */
    private void begin(OptionalLong missed) {
        replay.ifPresent(this::readFrom);
        replay = Optional.empty();
        keep();
        link.tell(missed, "events follow after sequence " + link.sequence() + " of " + broadcaster.log().latest() + name().map(text -> "; you are '" + text
                + "' here, and what you acknowledge is remembered").orElse(""));
        broadcaster.peerLog().info("{}: {}{} reads on after sequence {} of {}", broadcaster.name(), link.address, name().map(text -> " (" + text + ")").orElse(""),
                link.sequence(), broadcaster.log().latest());
    }

    private void readFrom(Start start) {
        EventReader opened = broadcaster.log().open(ReaderSpec.from(start).settingPace());
        if (start instanceof Start.Since && opened.place() > 0) {
            EventReader oldest = broadcaster.log().open(ReaderSpec.from(new Start.Earliest()));
            long before = oldest.place();
            oldest.close();
            if (before == opened.place()) { // nothing older is left: what has expired may be of that time
                opened.close();
                opened = broadcaster.log().open(ReaderSpec.from(new Start.After(0)).settingPace());
            }
        }
        readFrom(opened);
    }

    private void readFrom(EventReader now) {
        if (reader != null && reader != keeper) {
            reader.close();
        }
        reader = now;
        missed = 0;
        unsettled.begin(now.place());
        link.outgoing().placed(now.place());
    }

    /** Whether the subscriber has settled something that is not kept yet. */
    boolean isToKeep() {
        return name != null && unsettled.done() != kept;
    }

    /** Has what the subscriber has settled written. */
    void keep() {
        long done = unsettled.done();
        if (keeper != null && done != kept) {
            keeper.commit(done);
            kept = done;
        }
    }

    /** Has it written that the place is in use. */
    void stillUsed() {
        if (keeper != null) {
            keeper.commit(unsettled.done());
        }
    }

    void close() {
        if (reader != null && reader != keeper) {
            reader.close();
        }
        if (claim != null) {
            if (keeper != null) {
                keeper.commit(unsettled.done()); // even if it is the same: it was in use until now
            }
            broadcaster.node().names().release(claim, keeper);
        }
    }
}
