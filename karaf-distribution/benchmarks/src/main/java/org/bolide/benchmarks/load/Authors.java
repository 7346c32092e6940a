package org.bolide.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.function.Consumer;

import org.bolide.benchmarks.load.Ledger.End;

/** Submits events on the thread that calls {@link #run()}, until all have ended. */
abstract class Authors implements Runnable, Closeable {

    private static final long TICK = Duration.ofMillis(100).toNanos();
    private static final int LONGEST_WAIT = 20;

    final AuthorPlan plan;
    final Events events;
    final Ledger ledger;
    final Sockets sockets;
    final Selector selector;
    final Frames frames = new Frames();
    private final Pace pace;
    private int next;
    private int limit;
    private long checked;

    Authors(AuthorPlan plan, Events events, Ledger ledger, Sockets sockets) throws IOException {
        this.plan = plan;
        this.events = events;
        this.ledger = ledger;
        this.sockets = sockets;
        selector = Selector.open();
        limit = plan.events();
        pace = plan.perSecond() > 0 ? new Pace(selector, plan.perSecond()) : null;
    }

    static Authors of(AuthorPlan plan, Events events, Ledger ledger, Sockets sockets) throws IOException {
        return plan.window() > 0 ? new KeptAuthors(plan, events, ledger, sockets)
                : new OneShotAuthors(plan, events, ledger, sockets);
    }

    @Override
    public final void run() {
        try {
            long begun = System.nanoTime();
            if (pace != null) {
                pace.begin();
            }
            begin();
            Consumer<SelectionKey> ready = this::ready;
            while (ledger.done() < limit && !ended()) {
                long now = System.nanoTime();
                if (!plan.limit().isZero() && now - begun > plan.limit().toNanos()) {
                    limit = Math.min(limit, next);
                }
                startDue(now);
                sendBegun();
                selector.select(ready, LONGEST_WAIT);
                now = System.nanoTime();
                if (now - checked > TICK) {
                    checked = now;
                    endOverdue(now - plan.timeout().toNanos(), now);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many events were to be sent: the plan's, or those that were begun within its time. */
    final int wanted() {
        return limit;
    }

    private void startDue(long now) {
        if (pace == null) {
            while (next < limit && start(next, 0)) {
                next++;
            }
            return;
        }
        while (next < limit && pace.isDue(next, now)) {
            if (!start(next, pace.due(next))) {
                return;
            }
            next++;
            now = System.nanoTime();
        }
        if (next < limit) {
            pace.wakeFor(next);
        }
    }

    /** Opens what stands from the beginning. */
    abstract void begin() throws IOException;

    /** Begins an event, planned for now if 0; false if nothing is free for it. */
    abstract boolean start(int number, long planned);

    /** Sends what was begun and has not been sent yet. */
    abstract void sendBegun();

    abstract void ready(SelectionKey key);

    /** Ends what was begun before an instant and is still without an answer. */
    abstract void endOverdue(long before, long now);

    /** Whether nothing more can be sent although not all was. */
    abstract boolean ended();

    static End end(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof SocketException && (text.contains("reset") || text.contains("Broken pipe")) ? End.RESET
                : End.NOT_CONNECTED;
    }

    @Override
    public void close() throws IOException {
        if (pace != null) {
            pace.close();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
