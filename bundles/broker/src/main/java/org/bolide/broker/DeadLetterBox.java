package org.bolide.broker;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.bolide.api.management.HealthCheck;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of the store, and how many there are: counted by the thread {@code dead-letter-count} at the start and, because
 * they expire, every hour.
 */
@Component(service = {DeadLetterBox.class, HealthCheck.class})
public final class DeadLetterBox implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterBox.class);
    private static final int PAGE = 16;
    /** Enough to know that there are many. */
    private static final int MOST_COUNTED = 1000;
    private static final int MOST_CHARACTERS = 200;

    private record Summary(long id, String handler, String reason, Instant buriedAt) {}

    /** @param newest of those that were counted */
    private record Stock(int count, Optional<Summary> newest) {}

    private final EventStore store;
    private final ScheduledExecutorService counter =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "dead-letter-count"));
    private volatile Stock stock = new Stock(0, Optional.empty());

    @Activate
    public DeadLetterBox(@Reference EventStore store) {
        this.store = store;
        counter.scheduleWithFixedDelay(this::count, 0, 1, TimeUnit.HOURS);
    }

    @Deactivate
    void stop() {
        counter.shutdownNow();
    }

    private synchronized void count() {
        try {
            int count = 0;
            Optional<DeadLetter> newest = Optional.empty();
            List<DeadLetter> page;
            do {
                page = store.deadLetters(newest.map(DeadLetter::id).orElse(0L), PAGE);
                count += page.size();
                newest = page.isEmpty() ? newest : Optional.of(page.get(page.size() - 1));
            } while (page.size() == PAGE && count < MOST_COUNTED);
            stock = new Stock(count, newest.map(letter -> summary(letter, letter.id())));
        } catch (IOException e) {
            LOG.warn("the dead letters cannot be counted: {}", e.getMessage());
        }
    }

    private static Summary summary(DeadLetter letter, long id) {
        return new Summary(id, letter.handler(), Text.cut(letter.reason(), MOST_CHARACTERS), letter.buriedAt());
    }

    /** See {@link EventStore#bury}. */
    synchronized long bury(DeadLetter letter) throws IOException {
        long id = store.bury(letter);
        stock = new Stock(stock.count + 1, Optional.of(summary(letter, id)));
        return id;
    }

    List<DeadLetter> list(long afterId, int max) throws IOException {
        return store.deadLetters(afterId, max);
    }

    Optional<DeadLetter> find(long id) throws IOException {
        return store.deadLetter(id);
    }

    /** See {@link EventStore#drop}. */
    synchronized boolean drop(long id) throws IOException {
        boolean dropped = store.drop(id);
        if (dropped && stock.newest.filter(newest -> newest.id() != id).isPresent()) {
            stock = new Stock(Math.max(1, stock.count - 1), stock.newest);
        } else {
            count();
        }
        return dropped;
    }

    @Override
    public List<Problem> problems() {
        Stock now = stock;
        return now.newest.map(newest -> new Problem(Weight.WARNING, "handlers",
                "%d dead letter%s%s, the newest of handler %s: %s; have them retried, or drop them".formatted(now.count,
                        now.count == 1 ? "" : "s", now.count >= MOST_COUNTED ? " or more" : "", newest.handler(), newest.reason()),
                Optional.of(newest.buriedAt()), Optional.of("dead-letters"))).stream().toList();
    }
}
