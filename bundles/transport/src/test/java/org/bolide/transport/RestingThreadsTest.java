package org.bolide.transport;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

class RestingThreadsTest {

    private static final int TASKS = 20;
    private static final long TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @Test
    void shouldRestThreeTimesAsLongAsTheyHaveWorked() throws Exception {
        RestingThreads threads = new RestingThreads(1, Thread::new);
        try {
            CountDownLatch done = new CountDownLatch(TASKS);
            long began = System.nanoTime();
            for (int i = 0; i < TASKS; i++) {
                threads.execute(() -> {
                    long until = System.nanoTime() + TASK_NANOS;
                    while (System.nanoTime() - until < 0) {
                        Thread.onSpinWait();
                    }
                    done.countDown();
                });
            }
            assertTrue(done.await(10, TimeUnit.SECONDS));
            long took = System.nanoTime() - began;
            assertTrue(took >= (4 * TASKS - 3) * TASK_NANOS * 9 / 10, took + " ns for " + TASKS + " tasks of " + TASK_NANOS);
        } finally {
            threads.shutdown();
        }
    }
}
