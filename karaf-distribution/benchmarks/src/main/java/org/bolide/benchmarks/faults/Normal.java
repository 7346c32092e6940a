package org.bolide.benchmarks.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is normal for those whom a fault does not concern: from an author's submission to its receipt, and to a subscriber.
 *
 * @param receipts before the fault
 * @param deliveries before the fault
 */
record Normal(Times receipts, Times deliveries) {
    private static final int EVENTS = 200;
    /** Machines that are busy with other things have pauses of their own. */
    private static final double ALWAYS_FINE_MILLIS = 250;
    private static final double TIMES_NORMAL = 5;

    /** Takes the measure on a broker with nothing wrong, once Java has compiled what matters. */
    static Normal measure(Authors authors, Subscriber subscriber) {
        authors.ledger().awaitMore(EVENTS);
        long from = System.nanoTime();
        authors.ledger().awaitMore(EVENTS);
        long to = System.nanoTime();
        return new Normal(authors.ledger().times(from, to), subscriber.latencies(authors.ledger(), from, to));
    }

    /** Asserts that 99 of 100 had what is normal. */
    void compare(Ledger ledger, Subscriber subscriber, long fromNanos, long toNanos, Figures figures) {
        Times receiptsNow = ledger.times(fromNanos, toNanos);
        Times deliveriesNow = subscriber.latencies(ledger, fromNanos, toNanos);
        figures.put("receipt-before-p99-ms", receipts.millis(0.99));
        figures.putTimes("receipt", receiptsNow);
        figures.put("delivery-before-p99-ms", deliveries.millis(0.99));
        figures.putTimes("delivery", deliveriesNow);
        within("receipts", receipts, receiptsNow);
        within("deliveries", deliveries, deliveriesNow);
    }

    private static void within(String what, Times before, Times now) {
        double limit = Math.max(ALWAYS_FINE_MILLIS, TIMES_NORMAL * before.millis(0.99));
        assertTrue(now.millis(0.99) <= limit, () -> "99 of 100 " + what + " took up to " + now.millis(0.99) + " ms, " + before.millis(0.99) + " ms before");
    }
}
