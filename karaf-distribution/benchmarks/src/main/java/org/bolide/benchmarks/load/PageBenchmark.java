package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.bolide.benchmarks.page.Browser;
import org.bolide.benchmarks.page.PageCost;
import org.bolide.benchmarks.page.PageMemory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the page costs the browser, with a log that holds many events: bytes and time to open it, memory while it is live. */
@Command(name = "PageBenchmark", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 120,
        description = "Fills the product's log, opens its page in chromium again and again without a cache, and then leaves it open while"
                + " as many events come.")
public final class PageBenchmark implements Callable<Integer> {

    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int STEPS = 10;

    @Option(names = "--events", paramLabel = "N", defaultValue = "100000", description = "Events in the log, and events that come then (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(names = "--loads", paramLabel = "N", defaultValue = "20", description = "How often the page is opened (default: ${DEFAULT-VALUE}).")
    private int loads;

    @Option(names = "--archive", paramLabel = "FILE", description = "The product's archive (default: the one that was built).")
    private Path archive;

    private PageBenchmark() {
    }

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new PageBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path file = archive != null ? archive : Product.builtArchive().orElseThrow(() -> new CommandLine.ParameterException(
                new CommandLine(this), "there is no archive: build it, or name one with --archive"));
        int port = Product.freePort();
        Path folder = Files.createTempDirectory("bolide-page");
        Product product = Product.start(file, "bolide", "--web", "--web-port=" + port);
        try (Browser browser = Browser.start(folder)) {
            product.await(port);
            Machine.describe().forEach((name, value) -> System.out.printf("%-8s %s%n", name, value));
            Events own = OwnEvents.load();
            submit(product, own, events);
            browser.size(WIDTH, HEIGHT);
            String address = "http://127.0.0.1:" + port + "/";
            opened(browser, address);
            stayedOpen(browser, product, own);
        } finally {
            product.stop();
            delete(folder);
        }
        return 0;
    }

    private static void submit(Product product, Events own, int count) throws IOException, InterruptedException {
        Outcome outcome = new Run(own, AuthorPlan.pipelined(count, 4, 16), CrowdPlan.NOBODY, false, SILENCE).against(product.target());
        if (!outcome.faults().isEmpty()) {
            throw new IOException("the broker did not take all events: " + outcome.faults());
        }
    }

    private void opened(Browser browser, String address) {
        PageCost.prepare(browser);
        List<PageCost> costs = new ArrayList<>();
        for (int n = 0; n < loads; n++) {
            costs.add(PageCost.of(browser, address));
        }
        PageCost first = costs.get(0);
        System.out.printf("%nopened with %,d events in the log, %d times without a cache%n", events, loads);
        first.byAddress().forEach((path, bytes) -> System.out.printf("%,10d %s%n", bytes, path));
        System.out.printf("%,10d bytes in %d answers%n", first.bytes(), first.requests());
        System.out.printf("document loaded: first %.0f ms, median %.0f ms, most %.0f ms%n", first.loadMillis(),
                median(costs.stream().map(PageCost::loadMillis).toList()), costs.stream().mapToDouble(PageCost::loadMillis).max().orElse(Double.NaN));
        System.out.printf("events shown:    first %.0f ms, median %.0f ms, most %.0f ms%n", first.shownMillis(),
                median(costs.stream().map(PageCost::shownMillis).toList()), costs.stream().mapToDouble(PageCost::shownMillis).max().orElse(Double.NaN));
    }

    private void stayedOpen(Browser browser, Product product, Events own) throws IOException, InterruptedException {
        System.out.printf("%nopen while %,d events come%n%10s %10s %10s %10s %6s %10s%n", events, "events", "heap KB", "nodes", "listeners", "rows", "events/s");
        print(0, PageMemory.of(browser), Double.NaN);
        for (int step = 1; step <= STEPS; step++) {
            String before = newest(browser);
            long begun = System.nanoTime();
            submit(product, own, events / STEPS);
            Browser.until("the page shows the newest event", () -> newest(browser),
                    shown -> Long.parseLong(shown) - Long.parseLong(before) >= events / STEPS);
            print((long) events / STEPS * step, PageMemory.of(browser), events / STEPS * 1e9 / (System.nanoTime() - begun));
        }
    }

    private static String newest(Browser browser) {
        return browser.script("return document.querySelector('#events tr').dataset.sequence").toString();
    }

    private static void print(long count, PageMemory memory, double perSecond) {
        System.out.printf("%,10d %,10d %,10d %,10d %,6d %,10.0f%n", count, memory.heapBytes() / 1000, memory.nodes(), memory.listeners(),
                memory.rows(), perSecond);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
