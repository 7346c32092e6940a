package org.bolide.transport;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all listeners and subscriptions of this broker share: its name, its threads, the
 * languages of filters. Nothing here is done for one
 * connection, so that thousands of them need no thread of their own.
 */
final class Node implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int CLOSE_SECONDS = 5;
    /** A character of a filter takes up to some eighty bytes of memory when it is compiled: a fifth of the heap for all. */
    private static final long FILTER_CHARS = Runtime.getRuntime().maxMemory() / 400;

    private final Ivoid localIvoid;
    private final ExecutorService ioThreads = Executors.newCachedThreadPool(named("vtp-io", true));
    private final Processors io;
    private final Processors authorsIo;
    private final ExecutorService workers;
    private final ExecutorService filterThreads;
    private final ScheduledThreadPoolExecutor timer;
    private final Languages languages;
    private final Offences offences = new Offences(System::nanoTime);
    private final Ending ending = new Ending(ioThreads);
    private final BanList bans = new BanList();
    private final FilterRoom filterRoom = new FilterRoom(FILTER_CHARS, FILTER_CHARS / 2);
    private final Names names = new Names(named("vtp-places", true));
    private final TransportReader reader = new TransportReader();
    private final AtomicLong lastTestEvent = new AtomicLong(System.nanoTime() - TimeUnit.DAYS.toNanos(365));

    /**
     * @param localIvoid the broker's own identifier; null if it has none
     * @param languages in which filters may be written
     */
    Node(Ivoid localIvoid, Languages languages) {
        this.localIvoid = localIvoid;
        this.languages = languages;
        int cores = Runtime.getRuntime().availableProcessors();
        io = new Processors("vtp-io", Math.max(2, cores), ioThreads);
        authorsIo = new Processors("vtp-authors", Math.max(1, cores / 2), ioThreads);
        // Discarded is only what comes after close, when nobody waits for it any more.
        workers = new ThreadPoolExecutor(Math.max(2, cores), Math.max(2, cores), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                named("vtp-worker", true), new ThreadPoolExecutor.DiscardPolicy());
        filterThreads = new RestingThreads(Math.max(1, cores / 2), named("vtp-filters", true));
        timer = new ScheduledThreadPoolExecutor(1, named("vtp-timer", false), new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The broker's own identifier. */
    Optional<Ivoid> localIvoid() {
        return Optional.ofNullable(localIvoid);
    }

    /** MINA's threads for subscribers and remote brokers, on which nothing may block. */
    Processors io() {
        return io;
    }

    /** The same for authors, who must not wait until the acks of ten thousand subscribers are read. */
    Processors authorsIo() {
        return authorsIo;
    }

    /** Where MINA's acceptors and connectors run. */
    ExecutorService ioThreads() {
        return ioThreads;
    }

    /** For what may read the disk or take some time. */
    ExecutorService workers() {
        return workers;
    }

    /** For filters that cost much, or may. */
    ExecutorService filterThreads() {
        return filterThreads;
    }

    /** In which filters may be written. */
    Languages languages() {
        return languages;
    }

    /** Who has sent filters that cost too much, at whichever listener. */
    Offences offences() {
        return offences;
    }

    /** How everything ends when the broker stops. */
    Ending ending() {
        return ending;
    }

    /** Who must not connect, at whichever listener. */
    BanList bans() {
        return bans;
    }

    /** How much all subscribers may ask for together, at whichever listener. */
    FilterRoom filterRoom() {
        return filterRoom;
    }

    /** Who has which name, at whichever listener. */
    Names names() {
        return names;
    }

    /** For what is due later; must not block. */
    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    /** Reads Transport messages. */
    TransportReader reader() {
        return reader;
    }

    /**
     * Whether this broker's test event is due: true for one of all who ask within half the interval, so that several
     * broadcasters send one together.
     */
    boolean testEventDue(long intervalSeconds) {
        long last = lastTestEvent.get();
        long now = System.nanoTime();
        return now - last >= TimeUnit.SECONDS.toNanos(intervalSeconds) / 2 && lastTestEvent.compareAndSet(last, now);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdown(); // readers are still to be closed
        filterThreads.shutdown();
        try {
            if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS) || !filterThreads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Work for connections did not end within {} s and is interrupted", CLOSE_SECONDS);
                workers.shutdownNow();
                filterThreads.shutdownNow();
            }
            names.close();
            io.dispose(); // waits
            authorsIo.dispose();
            ioThreads.shutdown(); // an attempt to connect may go on until it times out
        } catch (InterruptedException e) {
            workers.shutdownNow();
            filterThreads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory named(String role, boolean numbered) {
        AtomicInteger next = new AtomicInteger(1);
        return task -> {
            Thread thread = new Thread(task, numbered ? role + "-" + next.getAndIncrement() : role);
            thread.setDaemon(true);
            return thread;
        };
    }
}
