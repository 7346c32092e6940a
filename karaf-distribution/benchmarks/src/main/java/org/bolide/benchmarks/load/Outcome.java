package org.bolide.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.Map;

import org.bolide.benchmarks.load.Ledger.End;

/**
 * What one run found. Figures that do not apply are NaN.
 *
 * @param events events that were to be submitted
 * @param acked those that were acknowledged
 * @param ackedPerSecond from the first one sent to the last one acknowledged
 * @param deliveries events that reached good subscribers, each once
 * @param deliveriesPerSecond from the first event sent to the last delivery
 * @param heapBytes of the broker's heap that each idle subscriber takes
 * @param faults what must not happen and did, by name; empty if all is well
 * @param notes what people should know besides
 */
record Outcome(int events, int acked, double ackedPerSecond, Histogram ack, long deliveries, double deliveriesPerSecond,
        Histogram delivery, double latenessMillis, Meter.Reading cost, double heapBytes, Map<String, Integer> faults,
        Map<String, Integer> notes) {

    private static final double MOST_CORES = 0.9;

    /** CPU time of the broker for one acknowledged event, in milliseconds. */
    double millisPerEvent() {
        return acked == 0 ? Double.NaN : cost.brokerSeconds() * 1000 / acked;
    }

    /** Whether the generator may have been what was measured. */
    boolean generatorBound() {
        return cost.generatorCores() > MOST_CORES;
    }

    /** What the authors met that they should not have. */
    static Map<String, Integer> faults(Ledger ledger, int wanted) {
        Map<String, Integer> faults = new LinkedHashMap<>();
        put(faults, "refused", ledger.count(End.REFUSED));
        put(faults, "reset", ledger.count(End.RESET));
        put(faults, "closed", ledger.count(End.CLOSED));
        put(faults, "timed-out", ledger.count(End.TIMED_OUT));
        put(faults, "not-connected", ledger.count(End.NOT_CONNECTED));
        put(faults, "wrong-answer", ledger.count(End.WRONG_ANSWER));
        put(faults, "unsent", wanted - ledger.done());
        return faults;
    }

    static void put(Map<String, Integer> counts, String name, int count) {
        if (count != 0) {
            counts.put(name, count);
        }
    }
}
