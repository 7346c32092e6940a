package org.bolide.transport;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.bolide.transport.FilterSet.BadFilterException;
import org.bolide.transport.FilterSet.Ready;
import org.bolide.transport.TransportMessage.Filter;

/**
 * What one subscriber asked for and what of it is in force. Each good request replaces the one before; a bad one is
 * refused whole. A request waits while a language is missing, and as long as its address must wait. A filter that turns
 * out to cost too much is taken away. Used by the subscriber's worker only, but for {@link #mayAsk}, {@link #inForce}
 * and {@link #fault}.
 */
final class Wishes {

    private static final int MAX_PENDING = 16;
    private static final int MAX_PENDING_CHARS = 256 * 1024;
    /** A hundred filters of some hundred characters; what else a request may have is bounded by the length of a message. */
    private static final int MAX_CHARS = 64 * 1024;
    /** Of one address; each request counts for a little more than its text. */
    private static final int MAX_CHARS_PER_SECOND = 64 * 1024;
    private static final int REQUEST_CHARS = 16;
    /** With so many filters that cost too much a connection has used up its allowance. */
    private static final int MAX_OVERRUNS = 2;

    private final InetAddress address;
    private final Peers.Peer peer;
    private final Languages languages;
    private final Offences offences;
    private final FilterRoom room;
    private final Consumer<String> tell;
    private final Deque<Request> pending = new ArrayDeque<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger askedChars = new AtomicInteger();
    private Set<String> allowed;
    private Compilation compilation;
    private boolean granted;
    private int overruns;
    private long waitNanos;
    /** Characters for which there is room taken: of what is in force, and of what is being compiled. */
    private long held;
    private long wanted;

    private volatile FilterSet inForce = FilterSet.EVERYTHING;
    private volatile String fault;

    /**
     * @param dueNanos when it may be granted, apart from {@link Offences}
     * @param rest takes what else was asked for when the filters are ready, or says why it cannot
     */
    private record Request(List<Filter> filters, int chars, long askedNanos, long dueNanos, Supplier<Optional<String>> rest) {}

    /**
     * @param allowed the languages in which this subscriber may filter
     * @param tell is given the reason of a refusal and the consequence
     */
    Wishes(InetAddress address, Peers.Peer peer, Set<String> allowed, Node node, Consumer<String> tell) {
        this.address = address;
        this.peer = peer;
        this.allowed = allowed;
        this.languages = node.languages();
        this.offences = node.offences();
        this.room = node.filterRoom();
        this.tell = tell;
    }

    // from any thread

    /** Whether one more {@link #request} may come; it is counted. */
    boolean mayAsk(List<Filter> filters) {
        return asked.incrementAndGet() <= MAX_PENDING & askedChars.addAndGet(chars(filters)) <= MAX_PENDING_CHARS;
    }

    private static int chars(List<Filter> filters) {
        return filters.stream().mapToInt(filter -> filter.text().length()).sum();
    }

    /** What decides on events now. */
    FilterSet inForce() {
        return inForce;
    }

    /** Why the latest request was refused, or filters were taken away. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    // in work

    /** Whether no event can be decided on now: the place in the log stands still until that has changed. */
    boolean holds() {
        return !inForce.isCurrent(languages) || !pending.isEmpty() && inForce.filters().isEmpty();
    }

    /**
     * The subscriber asks for these filters; {@link #advance} goes on.
     *
     * @param rest called once when the filters are ready: takes what else was asked for, or says why it cannot, and then
     *     nothing is changed
     */
    void request(List<Filter> filters, Supplier<Optional<String>> rest, int maxFilters, long nowNanos) {
        int chars = chars(filters);
        if (isExhausted()) {
            answered(chars);
            refused("filters of this connection have cost too much twice: it may ask for none any more; connect again", false, "");
        } else if (filters.size() > maxFilters) { // not worth waiting
            answered(chars);
            refused(filters.size() + " filters are too many; at most " + maxFilters + " are allowed on a connection", true);
        } else if (chars > MAX_CHARS) {
            answered(chars);
            refused("the filters are too long: " + chars + " characters together; at most " + MAX_CHARS + " are allowed on a connection", true);
        } else {
            long wait = peer.bookFilters(chars + REQUEST_CHARS, MAX_CHARS_PER_SECOND);
            pending.add(new Request(filters, chars, nowNanos, nowNanos + wait, rest));
        }
    }

    /** These are the languages in which this subscriber may filter from now on. */
    void allow(Set<String> now) {
        allowed = now;
        for (Ready ready : inForce.filters()) {
            if (!now.contains(ready.filter().language())) {
                refused(ready.which() + " is taken away with all others: " + ready.filter().language()
                        + " filters are no longer allowed to you on this broker", false);
                return;
            }
        }
    }

    /**
     * Takes one small step towards what was asked for.
     *
     * @return whether another one can be taken at once
     */
    boolean advance() {
        waitNanos = nextWaitNanos();
        if (compilation != null) {
            compile();
        } else if (!inForce.isCurrent(languages)) {
            List<Filter> filters = inForce.filters().stream().map(Ready::filter).toList();
            compilation = available(filters) ? new Compilation(filters, inForce.filters().stream().map(Ready::which).toList(), true) : null;
            return compilation != null;
        } else if (!pending.isEmpty() && waitNanos <= 0) {
            List<Filter> filters = pending.peek().filters;
            List<String> which = new ArrayList<>();
            for (int i = 0; i < filters.size(); i++) {
                which.add("filter " + (i + 1) + " of " + filters.size() + " (" + filters.get(i).place() + ")");
                if (!allowed.contains(filters.get(i).language())) {
                    settle();
                    refused(which.get(i) + " cannot be used: " + filters.get(i).language() + " filters are not allowed to you on this broker"
                            + (allowed.contains(Languages.XPATH) ? "; write it in XPath 1.0, as an xpath-filter" : ""), true);
                    return true;
                }
            }
            if (!available(filters)) {
                return false;
            }
            begin(new Compilation(filters, which, false), pending.peek().chars);
        } else {
            return false;
        }
        return true;
    }

    private void begin(Compilation now, int chars) {
        if (room.take(address, chars)) {
            wanted = chars;
            compilation = now;
        } else {
            settle();
            refused("the filters of your address, or of all subscribers, are too long together; ask for less, or later", true);
        }
    }

    /** Whether something is asked for that is not granted or refused yet. */
    boolean isAsked() {
        return !pending.isEmpty() || compilation != null;
    }

    /**
     * For how long the request that was next when {@link #advance} was last asked had to wait, because of what its address has
     * done. Not looked at anew: what had to wait then, and need not now, would be forgotten by whoever asks.
     */
    long waitNanos() {
        return waitNanos;
    }

    private long nextWaitNanos() {
        Request next = pending.peek();
        return next == null ? 0 : Math.max(next.dueNanos - System.nanoTime(), offences.waitNanos(address, next.askedNanos));
    }

    private boolean available(List<Filter> filters) {
        return filters.stream().allMatch(filter -> filter.fault().isPresent() || languages.of(filter.language()).isPresent());
    }

    private void compile() {
        Compilation now = compilation;
        try {
            if (!now.isDone()) {
                if (!now.compileNext(languages, offences, address)) {
                    giveUp(); // from the beginning when the language is back
                }
                return;
            }
            compilation = null;
            if (!now.isAgain()) {
                Optional<String> refusal = pending.peek().rest.get();
                if (refusal.isPresent()) {
                    giveUp();
                    settle();
                    fault = refusal.get();
                    tell.accept(fault + "; nothing is changed");
                    return;
                }
            }
            inForce = now.result();
            if (!now.isAgain()) {
                settle();
                room.give(address, held);
                held = wanted;
                wanted = 0;
                granted = true;
                fault = null;
            }
        } catch (BadFilterException e) {
            giveUp();
            if (!now.isAgain()) {
                settle();
            }
            refused(e.getMessage(), !now.isAgain()); // what is not compiled anew is in force no longer
        }
    }

    /**
     * To be called after events were decided on: takes away the filters that had to be ended.
     *
     * @return how many
     */
    int takeAway() {
        List<Ready> gone = inForce.overran();
        if (gone.isEmpty()) {
            return 0;
        }
        gone.forEach(ready -> offences.overran(address, ready.filter()));
        overruns += gone.size();
        List<Ready> left = new ArrayList<>(inForce.filters());
        left.removeAll(gone);
        StringBuilder text = new StringBuilder();
        for (Ready ready : gone) {
            text.append(text.isEmpty() ? "" : "; ").append(ready.which()).append(", ").append(Shown.filter(ready.filter().text()));
        }
        text.append(": it took too long on an event and was ended. It is taken away, and refused to your address for an hour;"
                + " ask for something that costs less, for example without // inside of [ ]");
        if (isExhausted()) {
            giveUp();
            while (!pending.isEmpty()) {
                settle();
            }
            refused(text + ". It is not the first of this connection: all its filters are gone, and it may ask for none any more;"
                    + " connect again", false, "");
        } else if (left.isEmpty()) {
            refused(text.toString(), false);
        } else {
            inForce = new FilterSet(left, false);
            refused(text + "; the others stay", true, "");
        }
        return gone.size();
    }

    private boolean isExhausted() {
        return overruns >= MAX_OVERRUNS;
    }

    /** The subscriber has gone. */
    void forget() {
        pending.clear();
        giveUp();
        room.give(address, held);
        held = 0;
    }

    private void settle() {
        answered(pending.remove().chars);
    }

    private void answered(int chars) {
        asked.decrementAndGet();
        askedChars.addAndGet(-chars);
    }

    private void giveUp() {
        compilation = null;
        room.give(address, wanted);
        wanted = 0;
    }

    private void refused(String reason, boolean keep) {
        boolean stay = keep && granted;
        refused(reason, stay, stay ? "; the filters in force stay" : "; nothing is sent until a request without faults");
    }

    private void refused(String reason, boolean stay, String consequence) {
        if (!stay) {
            granted = false;
            inForce = FilterSet.NOTHING;
            room.give(address, held);
            held = 0;
        }
        fault = reason;
        tell.accept(reason + consequence);
    }
}
