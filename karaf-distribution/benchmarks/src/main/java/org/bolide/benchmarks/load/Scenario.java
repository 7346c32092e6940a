package org.bolide.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A load with a name.
 *
 * @param bySubscribers whether what counts are deliveries, not acknowledgements
 * @param heap whether the heap that each subscriber takes is to be found out
 */
record Scenario(String name, String description, AuthorPlan authors, CrowdPlan subscribers, boolean bySubscribers,
        boolean heap) {

    private static final int MOST_SUSTAINED = 2_000_000;

    /** All of them, in the order in which they run. */
    static List<Scenario> all(double scale, Duration sustained, int threads) {
        List<Scenario> all = new ArrayList<>();
        for (int connections : new int[] {1, 16, 64}) {
            all.add(submit("one-shot-" + connections, AuthorPlan.oneShot(5_000, connections)));
        }
        for (int connections : new int[] {512, 2_000}) {
            all.add(submit("one-shot-" + connections, AuthorPlan.oneShot(10_000, connections)));
        }
        all.add(submit("pipelined", AuthorPlan.pipelined(20_000, 4, 16)));
        all.add(fan("ordered", AuthorPlan.pipelined(5_000, 16, 16), CrowdPlan.of(8)));
        all.add(fan("latency", AuthorPlan.openLoop(1_000, 50), CrowdPlan.of(1)));
        for (int subscribers : new int[] {1, 64, 256}) {
            all.add(fan("fan-" + subscribers, AuthorPlan.oneShot(1_000, 16), CrowdPlan.of(subscribers)));
        }
        all.add(fan("fan-256-at-300", AuthorPlan.openLoop(3_000, 300), CrowdPlan.of(256)));
        all.add(fan("filters-64", AuthorPlan.oneShot(640, 4), CrowdPlan.of(64).filters(Filters.all())));
        all.add(fan("behaving", AuthorPlan.oneShot(2_000, 16), CrowdPlan.of(240)));
        all.add(fan("misbehaving", AuthorPlan.oneShot(2_000, 16), CrowdPlan.of(256).misbehaving(8)));
        List<Scenario> scaled = new ArrayList<>(all.stream().map(scenario -> scenario.scaled(scale)).toList());
        scaled.add(fan("sustained", AuthorPlan.oneShot(MOST_SUSTAINED, 64).within(sustained), CrowdPlan.of(128)));
        scaled.add(new Scenario("crowd-10000", "20 events to 10,000 subscribers", AuthorPlan.oneShot(20, 4),
                CrowdPlan.of(10_000), true, true));
        return scaled.stream().map(scenario -> scenario.threads(threads)).toList();
    }

    private static Scenario submit(String name, AuthorPlan authors) {
        return new Scenario(name, authors.describe(), authors, CrowdPlan.NOBODY, false, false);
    }

    private static Scenario fan(String name, AuthorPlan authors, CrowdPlan subscribers) {
        return new Scenario(name, authors.describe() + " to " + subscribers.describe(), authors, subscribers, true, false);
    }

    private Scenario scaled(double factor) {
        return new Scenario(name, description, authors.scaled(factor), subscribers, bySubscribers, heap);
    }

    private Scenario threads(int count) {
        CrowdPlan crowd = new CrowdPlan(subscribers.subscribers(), subscribers.neverRead(), subscribers.neverAck(),
                subscribers.filters(), count, subscribers.settle());
        return new Scenario(name, description, authors, crowd, bySubscribers, heap);
    }

    /** How many descriptors the generator and the broker each need. */
    long descriptors() {
        return subscribers.subscribers() + authors.connections() + 300L;
    }
}
