package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Loads a broker, or two by turns, and prints what they did. */
@Command(name = "LoadBenchmark", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 120,
        description = {"Puts VTP brokers under load and accounts for every event.", "",
                "Without --broker, the product is started from its archive on a fresh base directory and stopped afterwards."
                        + " With two brokers the runs are interleaved and the table has the ratio of the first to the second."},
        footer = {"", "Exit status: 0 as it should be; 1 the first broker lost, repeated, altered, refused, did not answer or did"
                + " not keep something, or a scenario could not be run; 2 wrong usage."})
public final class LoadBenchmark implements Callable<Integer> {

    private static final String PRODUCT = "product";
    private static final Duration SILENCE = Duration.ofSeconds(10);

    @Parameters(paramLabel = "SCENARIO", description = "What to run (default: all); --list shows them.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "List the scenarios and end.")
    private boolean list;

    @Option(names = "--broker", paramLabel = "BROKER", description = "`product`, or NAME=HOST:RECEIVEPORT:BROADCASTPORT[:PID]"
            + " for one that runs already; the pid is needed for its CPU and memory. Once or twice.")
    private List<String> brokers = List.of(PRODUCT);

    @Option(names = "--archive", paramLabel = "FILE", description = "The product's archive (default: the one that was built).")
    private Path archive;

    @Option(names = "--rounds", paramLabel = "N", description = "Runs of each scenario and broker (default: 1, with two brokers 2).")
    private int rounds;

    @Option(names = "--duration", paramLabel = "SECONDS", defaultValue = "180", description = "How long `sustained` takes (default: ${DEFAULT-VALUE}).")
    private int sustainedSeconds;

    @Option(names = "--scale", paramLabel = "FACTOR", defaultValue = "1", description = "So many times the events, of all but `sustained` and `crowd-10000` (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(names = "--warm-up", paramLabel = "EVENTS", defaultValue = "5000", description = "Events before the clock runs, in each of three forms (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "Threads that serve the subscribers (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--own-events", description = "Send the benchmark's own events even where real ones are (system property bolide.shared.data).")
    private boolean ownEvents;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write everything to this file.")
    private Path json;

    private final List<Product> products = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final Table table = new Table(System.out);

    private LoadBenchmark() {
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new LoadBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> all = Scenario.all(scale, Duration.ofSeconds(sustainedSeconds), threads);
        if (list) {
            all.forEach(scenario -> System.out.printf("%-15s %s%n", scenario.name(), scenario.description()));
            return 0;
        }
        List<Scenario> chosen = choose(all);
        if (brokers.size() > 2) {
            throw usage("one broker, or two");
        }
        int times = rounds > 0 ? rounds : brokers.size();
        Events events = events();
        Map<String, String> head = new LinkedHashMap<>(Machine.describe());
        head.put("events", events.description());
        boolean well = true;
        try {
            start(head);
            for (Target target : targets) {
                warmUp(target, events);
            }
            table.head(head);
            for (Scenario scenario : chosen) {
                well &= run(scenario, events, times);
            }
            if (json != null) {
                Report.write(json, head, rows);
            }
        } finally {
            for (Product product : products) {
                product.stop();
            }
        }
        return well ? 0 : 1;
    }

    private List<Scenario> choose(List<Scenario> all) {
        List<String> unknown = names.stream().filter(name -> all.stream().noneMatch(s -> s.name().equals(name))).toList();
        if (!unknown.isEmpty()) {
            throw usage("there is no scenario " + String.join(", ", unknown) + "; there are "
                    + all.stream().map(Scenario::name).collect(Collectors.joining(", ")));
        }
        return names.isEmpty() ? all : all.stream().filter(scenario -> names.contains(scenario.name())).toList();
    }

    private Events events() throws IOException {
        String folder = System.getProperty("bolide.shared.data");
        if (folder == null || ownEvents) {
            return OwnEvents.load();
        }
        Path file = Path.of(folder, RealEvents.ARCHIVE);
        if (!Files.exists(file)) {
            throw usage("there is no " + file + " (system property bolide.shared.data); without the property, or with"
                    + " --own-events, the benchmark writes its own events");
        }
        return RealEvents.load(file);
    }

    private void start(Map<String, String> head) throws IOException, InterruptedException {
        for (String broker : brokers) {
            if (broker.equals(PRODUCT)) {
                Path file = archive == null ? builtArchive() : archive;
                Product product = Product.start(file, targets.isEmpty() ? "bolide" : "bolide-" + targets.size());
                products.add(product);
                targets.add(product.target());
                head.put(product.target().name(), file.getFileName() + " built " + Files.getLastModifiedTime(file)
                        + ", default settings");
            } else {
                try {
                    targets.add(Target.parse(broker));
                } catch (IllegalArgumentException e) {
                    throw usage(e.getMessage());
                }
                head.put(targets.get(targets.size() - 1).name(), broker.substring(broker.indexOf('=') + 1));
            }
        }
    }

    private Path builtArchive() throws IOException {
        return Product.builtArchive().orElseThrow(() -> usage("there is no archive in karaf-distribution/assembly/target: build it"
                + " (mvn -pl karaf-distribution/assembly -am package), or name one with --archive"));
    }

    /** Lets the broker, and the generator, be compiled; what fails here is found again when it counts. */
    private void warmUp(Target target, Events events) throws IOException, InterruptedException {
        if (warmUp > 0) {
            new Run(events, AuthorPlan.oneShot(warmUp, 16), CrowdPlan.NOBODY, false, SILENCE).against(target);
            new Run(events, AuthorPlan.oneShot(Math.max(1, warmUp / 5), 16), CrowdPlan.of(16), false, SILENCE).against(target);
            new Run(events, AuthorPlan.pipelined(warmUp, 4, 16), CrowdPlan.NOBODY, false, SILENCE).against(target);
        }
    }

    private boolean run(Scenario scenario, Events events, int times) throws IOException, InterruptedException {
        String lack = descriptors(scenario);
        if (!lack.isEmpty()) {
            table.line("%-15s not run: %s".formatted(scenario.name(), lack));
            return false;
        }
        List<List<Outcome>> outcomes = new ArrayList<>();
        targets.forEach(target -> outcomes.add(new ArrayList<>()));
        Run load = new Run(events, scenario.authors(), scenario.subscribers(), scenario.heap(), SILENCE);
        for (int round = 0; round < times; round++) {
            for (int t = 0; t < targets.size(); t++) {
                outcomes.get(t).add(load.against(targets.get(t)));
            }
        }
        for (int t = 0; t < targets.size(); t++) {
            Row row = new Row(scenario, targets.get(t).name(), outcomes.get(t));
            rows.add(row);
            table.row(row);
        }
        Row first = rows.get(rows.size() - targets.size());
        if (targets.size() > 1) {
            table.ratio(first, rows.get(rows.size() - 1));
        }
        return first.faults().isEmpty();
    }

    private String descriptors(Scenario scenario) {
        long needed = scenario.descriptors();
        OptionalLong own = Meter.descriptorLimit(ProcessHandle.current().pid());
        if (own.isPresent() && own.getAsLong() < needed) {
            return "the generator may open %,d files and needs %,d: ulimit -n %d".formatted(own.getAsLong(), needed, needed);
        }
        for (Target target : targets) {
            OptionalLong limit = target.pid().isPresent() ? Meter.descriptorLimit(target.pid().getAsLong()) : OptionalLong.empty();
            if (limit.isPresent() && limit.getAsLong() < needed) {
                return "%s may open %,d files and needs %,d: start it after ulimit -n %d".formatted(target.name(),
                        limit.getAsLong(), needed, needed);
            }
        }
        return "";
    }

    private CommandLine.ParameterException usage(String what) {
        return new CommandLine.ParameterException(new CommandLine(this), what);
    }
}
