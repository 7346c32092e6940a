package org.bolide.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SerialTest {

    @Test
    void shouldRunATaskThatATaskBringsAfterIt() {
        List<String> order = new ArrayList<>();
        Serial serial = Serial.direct(() -> order.add("failed"));
        serial.execute(() -> {
            serial.execute(() -> order.add("inner"));
            order.add("outer");
        });
        assertEquals(List.of("outer", "inner"), order);
    }

    @Test
    void shouldTellOfATaskThatFailsAndGoOn() {
        List<String> order = new ArrayList<>();
        Serial serial = Serial.direct(() -> order.add("failed"));
        serial.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        serial.execute(() -> order.add("next"));
        assertEquals(List.of("failed", "next"), order);
    }

    @Test
    void shouldRunATaskHereOnlyWhileThereIsNoOther() {
        List<String> order = new ArrayList<>();
        Serial serial = Serial.direct(() -> order.add("failed"));
        serial.execute(() -> {
            assertFalse(serial.tryRun(() -> order.add("not now")));
            order.add("first");
        });
        assertTrue(serial.tryRun(() -> {
            serial.execute(() -> order.add("third"));
            order.add("second");
        }));
        assertEquals(List.of("first", "second", "third"), order);
    }

    @Test
    void shouldRunOneAtATimeAndAllOfThem() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Serial serial = Serial.on(() -> pool, () -> { });
            int[] unguarded = new int[1];
            AtomicInteger done = new AtomicInteger();
            for (int i = 0; i < 4; i++) {
                pool.execute(() -> {
                    for (int k = 0; k < 10_000; k++) {
                        serial.execute(() -> {
                            unguarded[0]++;
                            done.incrementAndGet();
                        });
                    }
                });
            }
            await().until(() -> done.get() == 40_000);
            assertEquals(40_000, unguarded[0]);
        } finally {
            pool.shutdown();
        }
    }
}
