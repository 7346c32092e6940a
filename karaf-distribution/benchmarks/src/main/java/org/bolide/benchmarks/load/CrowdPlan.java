package org.bolide.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * Who subscribes.
 *
 * @param subscribers how many in all
 * @param neverRead how many of them, the last, read nothing
 * @param neverAck how many, those before, read everything and acknowledge nothing
 * @param filters XPath, given round robin; none for everything
 * @param threads that serve them
 * @param settle between the last connection and the first event: filters come into force meanwhile
 */
record CrowdPlan(int subscribers, int neverRead, int neverAck, List<String> filters, int threads, Duration settle) {

    static final CrowdPlan NOBODY = new CrowdPlan(0, 0, 0, List.of(), 1, Duration.ZERO);

    private static final Duration SETTLE = Duration.ofMillis(500);

    static CrowdPlan of(int subscribers) {
        return new CrowdPlan(subscribers, 0, 0, List.of(), 1, SETTLE);
    }

    CrowdPlan misbehaving(int never) {
        return new CrowdPlan(subscribers, never, never, filters, threads, settle);
    }

    CrowdPlan filters(List<String> all) {
        return new CrowdPlan(subscribers, neverRead, neverAck, all, threads, settle);
    }

    String describe() {
        StringBuilder text = new StringBuilder(subscribers + (subscribers == 1 ? " subscriber" : " subscribers"));
        if (!filters.isEmpty()) {
            text.append(", ").append(filters.size()).append(" filters");
        }
        if (neverRead > 0) {
            text.append(", ").append(neverRead).append(" never read");
        }
        if (neverAck > 0) {
            text.append(", ").append(neverAck).append(" never ack");
        }
        return text.toString();
    }
}
