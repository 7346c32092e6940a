package org.bolide.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiConsumer;

import org.bolide.api.EventIntake;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one connection that are on their way into the log: bounded, and answered in the order in which they were
 * submitted. Used in the connection's {@link Serial} only.
 */
final class Inflow {

    private static final Logger LOG = LoggerFactory.getLogger(Inflow.class);
    private static final int MAX_EVENTS = 64;
    private static final int MAX_BYTES = 1 << 20;

    private final EventIntake intake;
    private final Serial serial;
    private final BiConsumer<byte[], Receipt> answer;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private long bytes;

    /** @param answer is given each event with its receipt, in order, in {@code serial} */
    Inflow(EventIntake intake, Serial serial, BiConsumer<byte[], Receipt> answer) {
        this.intake = intake;
        this.serial = serial;
        this.answer = answer;
    }

    /** Whether one more event may be submitted; one always may. */
    boolean hasRoom() {
        return pending.isEmpty() || pending.size() < MAX_EVENTS && bytes < MAX_BYTES && !intake.isCrowded();
    }

    /** Whether all events are answered. */
    boolean isEmpty() {
        return pending.isEmpty();
    }

    void submit(byte[] event, Submission submission) {
        Pending entry = new Pending(event);
        pending.add(entry);
        bytes += event.length;
        intake.submit(submission).whenComplete((receipt, error) -> serial.execute(() -> {
            entry.receipt = error == null ? receipt : failed(error);
            answerInOrder();
        }));
    }

    /** An event that is not submitted has its answer when those before it have theirs. */
    void refuse(byte[] event, Receipt receipt) {
        Pending entry = new Pending(event);
        entry.receipt = receipt;
        pending.add(entry);
        bytes += event.length;
        answerInOrder();
    }

    private void answerInOrder() {
        while (!pending.isEmpty() && pending.peek().receipt != null) {
            Pending first = pending.remove();
            bytes -= first.event.length;
            answer.accept(first.event, first.receipt);
        }
    }

    private static Receipt failed(Throwable error) {
        LOG.error("The broker failed to take an event; its sender was told to try again", error);
        return new Receipt(Receipt.Status.UNAVAILABLE, 0, Optional.empty(), "the broker failed");
    }

    private static final class Pending {

        private final byte[] event;
        private Receipt receipt;

        private Pending(byte[] event) {
            this.event = event;
        }
    }
}
