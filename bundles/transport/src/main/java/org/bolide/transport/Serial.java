package org.bolide.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order in which they came. What only such tasks touch needs no lock. A direct
 * one runs a task on the thread that brought it, or on a thread that is busy here already: its tasks must not block.
 */
final class Serial implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);
    /** So many tasks of one connection, then the others have their turn. */
    private static final int TURN = 64;

    private final Executor beneath;
    private final int turn;
    private final Runnable onFailure;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    private Serial(Executor beneath, int turn, Runnable onFailure) {
        this.beneath = beneath;
        this.turn = turn;
        this.onFailure = onFailure;
    }

    /** Runs tasks on the threads that bring them; {@code onFailure} runs when one of them throws. */
    static Serial direct(Runnable onFailure) {
        return new Serial(Runnable::run, Integer.MAX_VALUE, onFailure);
    }

    /** Runs tasks on the threads of a pool, which many share; {@code onFailure} runs when one of them throws. */
    static Serial on(Executor pool, Runnable onFailure) {
        return new Serial(pool, TURN, onFailure);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            beneath.execute(this::turn);
        }
    }

    private void turn() {
        int done = 0;
        do {
            if (done == turn) {
                beneath.execute(this::turn);
                return;
            }
            done++;
            try {
                tasks.remove().run();
            } catch (RuntimeException e) {
                LOG.error("A task of a connection failed, which is closed; this is a defect, please report it", e);
                onFailure.run();
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
