package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What people who watch the page cost those who subscribe: the latency of a subscriber with and without them, by turns. */
@Command(name = "WatchersBenchmark", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 120,
        description = "Starts the product with its page, sends events at an even rate to subscribers, every other round with browsers"
                + " watching all events, and prints the subscribers' latency with and without.",
        footer = {"", "Exit status: 0 as it should be; 1 an event was lost or repeated, to subscribers or to watchers."})
public final class WatchersBenchmark implements Callable<Integer> {

    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int WARM_UP = 3_000;

    @Option(names = "--watchers", paramLabel = "N", defaultValue = "500", description = "How many watch (default: ${DEFAULT-VALUE}).")
    private int watchers;

    @Option(names = "--subscribers", paramLabel = "N", defaultValue = "1", description = "How many subscribe by VTP (default: ${DEFAULT-VALUE}).")
    private int subscribers;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "50", description = "Events a second (default: ${DEFAULT-VALUE}).")
    private double perSecond;

    @Option(names = "--events", paramLabel = "N", defaultValue = "1000", description = "Events a round (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "6", description = "Rounds of each kind (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--archive", paramLabel = "FILE", description = "The product's archive (default: the one that was built).")
    private Path archive;

    private final Map<Boolean, Histogram> latencies = new LinkedHashMap<>();
    private boolean isWell = true;

    private WatchersBenchmark() {
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new WatchersBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path file = archive != null ? archive : Product.builtArchive().orElseThrow(() -> new CommandLine.ParameterException(
                new CommandLine(this), "there is no archive: build it, or name one with --archive"));
        int port = Product.freePort();
        Product product = Product.start(file, "bolide", "--web", "--web-port=" + port);
        try {
            product.await(port);
            Map<String, String> head = new LinkedHashMap<>(Machine.describe());
            head.put("load", "%.0f events/s to %d subscribers; %d watchers".formatted(perSecond, subscribers, watchers));
            head.forEach((name, value) -> System.out.printf("%-8s %s%n", name, value));
            Events own = OwnEvents.load();
            new Run(own, AuthorPlan.oneShot(WARM_UP, 16), CrowdPlan.of(subscribers), false, SILENCE).against(product.target());
            round(product.target(), own, port, true);
            latencies.clear();
            System.out.printf("%n%-9s %8s %8s %8s %8s %10s %6s %6s %10s%n", "watchers", "p50 ms", "p90 ms", "p99 ms", "max ms", "CPU ms/ev.",
                    "gen.", "other", "MB told");
            for (int n = 0; n < rounds; n++) {
                // Neither kind always after the other.
                for (boolean with : n % 2 == 0 ? List.of(false, true) : List.of(true, false)) {
                    round(product.target(), own, port, with);
                }
            }
        } finally {
            product.stop();
        }
        double without = latencies.get(false).millis(0.99);
        double with = latencies.get(true).millis(0.99);
        System.out.printf("%nall rounds together: p50 %.2f ms without, %.2f with; p99 %.2f ms without, %.2f with: %.2f times%n",
                latencies.get(false).millis(0.5), latencies.get(true).millis(0.5), without, with, with / without);
        return isWell ? 0 : 1;
    }

    private void round(Target target, Events own, int port, boolean with) throws IOException, InterruptedException {
        try (Watchers watching = new Watchers(target.host(), port, with ? watchers : 0)) {
            Outcome outcome = new Run(own, AuthorPlan.openLoop(events, perSecond), CrowdPlan.of(subscribers), false, SILENCE).against(target);
            watching.drain(outcome.acked(), SILENCE);
            long wrong = watching.missingOrRepeated(outcome.acked());
            latencies.computeIfAbsent(with, key -> new Histogram()).add(outcome.delivery());
            System.out.printf("%-9d %8.2f %8.2f %8.2f %8.2f %10.3f %6.2f %6.2f %10.1f%n", with ? watchers : 0, outcome.delivery().millis(0.5),
                    outcome.delivery().millis(0.9), outcome.delivery().millis(0.99), outcome.delivery().maxMillis(), outcome.millisPerEvent(),
                    outcome.cost().generatorCores(), outcome.cost().otherCores(), watching.bytes() / 1e6);
            List<String> wrongs = new ArrayList<>();
            outcome.faults().forEach((name, count) -> wrongs.add(count + " " + name));
            if (wrong > 0) {
                wrongs.add(wrong + " events that watchers were not told of once");
            }
            wrongs.forEach(text -> System.out.println("    ! " + text));
            isWell &= wrongs.isEmpty();
        }
    }
}
