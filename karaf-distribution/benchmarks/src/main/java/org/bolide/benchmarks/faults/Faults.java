package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;

import static java.util.stream.Collectors.joining;

/** Does every fault to the product, one after the other, prints a table and writes JSON: {@code --help}. */
public final class Faults {
    private static final List<Fault> ALL = List.of(new KillFault(), new TornFault(), new DiskFullFault(false), new DiskFullFault(true), new SyncFault(), new DatabaseRestartFault(),
            new HandlerFault(), new HalfOpenFault(), new ClockFault(), new FlappingRemoteFault(), new PartitionFault(), new MonthFault());

    private record Done(Fault fault, String verdict, String why, double seconds, Figures figures) {

        String json() {
            return String.format(Locale.ROOT, "  {\"fault\": \"%s\", \"verdict\": \"%s\", \"why\": \"%s\", \"seconds\": %.1f, \"figures\": %s}", fault.name(), verdict,
                    why.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " "), seconds, figures.json());
        }
    }

    private Faults() { }

    /** Runs one fault; for the build. */
    public static Figures run(String name, Setting setting) throws Exception {
        Fault fault = ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        Figures figures = new Figures();
        fault.run(setting, figures);
        return figures;
    }

    public static void main(String[] arguments) throws Exception {
        Set<String> only = new HashSet<>();
        Map<String, Integer> changed = new HashMap<>();
        boolean full = true;
        Path json = Path.of("faults.json");
        Path work = Files.createTempDirectory("bolide-faults");
        Path archive = archive();
        for (String argument : arguments) {
            String[] option = argument.split("=", 2);
            switch (option[0]) {
                case "--help" -> {
                    help();
                    return;
                }
                case "--small" -> full = false;
                case "--only" -> only.addAll(List.of(option[1].split(",")));
                case "--json" -> json = Path.of(option[1]);
                case "--work" -> work = Files.createDirectories(Path.of(option[1]).toAbsolutePath());
                case "--archive" -> archive = Path.of(option[1]);
                default -> changed.put(amount(option[0]), Integer.valueOf(option[1]));
            }
        }
        only.stream().filter(name -> ALL.stream().noneMatch(fault -> fault.name().equals(name))).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no fault \"" + name + "\"; see --help");
        });
        Path home = unpack(archive, work);
        List<Done> all = new ArrayList<>();
        for (Fault fault : ALL) {
            if (only.isEmpty() || only.contains(fault.name())) {
                Done done = run(fault, new Setting(home, Files.createDirectories(work.resolve(fault.name())), full, changed));
                all.add(done);
                System.out.printf(Locale.ROOT, "%-12s %-8s %6.0f s  %s%s%n", fault.name(), done.verdict, done.seconds, done.figures, done.why.isEmpty() ? "" : "\n" + done.why);
            }
        }
        Files.writeString(json, all.stream().map(Done::json).collect(joining(",\n", "[\n", "\n]\n")));
        System.out.println("Written to " + json.toAbsolutePath() + "; the brokers' logs are in " + work);
        System.exit(all.stream().anyMatch(done -> done.verdict.equals("FAILED")) ? 1 : 0);
    }

    private static Done run(Fault fault, Setting setting) throws IOException {
        Figures figures = new Figures();
        long begun = System.nanoTime();
        String verdict = "survived";
        String why = "";
        try {
            fault.run(setting, figures);
        } catch (TestAbortedException absent) {
            verdict = "not run";
            why = String.valueOf(absent.getMessage());
        } catch (Exception | AssertionError e) {
            verdict = "FAILED";
            why = String.valueOf(e).lines().findFirst().orElse("") + " (" + setting.folder().resolve("failure.txt") + ")";
            try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(setting.folder().resolve("failure.txt")))) {
                e.printStackTrace(file);
            }
        }
        return new Done(fault, verdict, why, (double) (System.nanoTime() - begun) / TimeUnit.SECONDS.toNanos(1), figures);
    }

    private static String amount(String option) {
        return ALL.stream().flatMap(fault -> fault.amounts().stream()).map(Amount::name).filter(name -> option.equals("--" + name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown option " + option + "; see --help"));
    }

    private static void help() {
        System.out.println("""
                --only=FAULT,…   only these
                --small          with the numbers of the build
                --archive=FILE   the product (default: what the build has made)
                --json=FILE      where the figures go (default: faults.json)
                --work=DIRECTORY where brokers have their files (default: a temporary one)
                """);
        for (Fault fault : ALL) {
            System.out.printf("%-12s %s%n", fault.name(), fault.promise());
            fault.amounts().forEach(amount -> System.out.printf("%-12s --%s=%d (--small: %d)%n", "", amount.name(), amount.full(), amount.small()));
        }
    }

    /** In the build's output, from which this class was loaded. */
    private static Path archive() {
        Path target = Path.of(Faults.class.getProtectionDomain().getCodeSource().getLocation().getPath()).getParent().resolve("../../assembly/target").normalize();
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("bolide-.*\\.tar\\.gz")).findFirst()
                    .orElseThrow(() -> new IllegalStateException("no archive in " + target + ": build the product, or say --archive=FILE"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpack(Path archive, Path directory) throws IOException, InterruptedException {
        Path into = Files.createDirectories(directory.resolve("product"));
        Process tar = new ProcessBuilder("tar", "xzf", archive.toString(), "-C", into.toString()).inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not unpack " + archive);
        }
        try (Stream<Path> tops = Files.list(into)) {
            return tops.filter(path -> path.getFileName().toString().startsWith("bolide-")).findFirst().orElseThrow();
        }
    }
}
