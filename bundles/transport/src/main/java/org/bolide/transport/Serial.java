package org.bolide.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order in which they came. What only such tasks touch needs no lock. A direct
 * one runs a task on the thread that brought it, or on a thread that is busy here already: its tasks must not block.
 */
final class Serial implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);
    /** So many tasks of one connection, or for so long, then the others have their turn. */
    private static final int TURN = 64;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Supplier<? extends Executor> beneath;
    private final int turn;
    private final long turnNanos;
    private final Runnable onFailure;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    private Serial(Supplier<? extends Executor> beneath, int turn, long turnNanos, Runnable onFailure) {
        this.beneath = beneath;
        this.turn = turn;
        this.turnNanos = turnNanos;
        this.onFailure = onFailure;
    }

    /** Runs tasks on the threads that bring them; {@code onFailure} runs when one of them throws. */
    static Serial direct(Runnable onFailure) {
        Executor direct = Runnable::run;
        return new Serial(() -> direct, Integer.MAX_VALUE, Long.MAX_VALUE, onFailure);
    }

    /**
     * Runs tasks on the threads of pools, which many share; {@code onFailure} runs when one of them throws.
     *
     * @param pool asked before each task: the next one runs there
     */
    static Serial on(Supplier<? extends Executor> pool, Runnable onFailure) {
        return new Serial(pool, TURN, TURN_NANOS, onFailure);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            begin();
        }
    }

    /** Runs a task now and here, if none is running or waiting; else it is not run. It must not block. */
    boolean tryRun(Runnable task) {
        if (!waiting.compareAndSet(0, 1)) {
            return false;
        }
        run(task);
        if (waiting.decrementAndGet() > 0) {
            begin();
        }
        return true;
    }

    private void begin() {
        Executor pool = beneath.get();
        pool.execute(() -> turn(pool));
    }

    private void turn(Executor here) {
        long began = System.nanoTime();
        int done = 0;
        do {
            if (done == turn || done > 0 && System.nanoTime() - began > turnNanos || beneath.get() != here) {
                begin();
                return;
            }
            done++;
            run(tasks.remove());
        } while (waiting.decrementAndGet() > 0);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // a language's bundle may be stopped under a filter
            LOG.error("A task of a connection failed, which is closed; this is a defect, please report it", e);
            onFailure.run();
        }
    }
}
