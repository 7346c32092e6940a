package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.bolide.benchmarks.faults.Authors.Event;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.Tools;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** No fault but time: a month's events in some minutes, to handlers and subscribers. Memory does not grow after the first part. */
final class MonthFault implements Fault {
    private static final Amount SECONDS = new Amount("month-seconds", 20, 600);
    private static final Amount SUBSCRIBERS = new Amount("month-subscribers", 4, 16);
    private static final int OWN_EVENTS = 14_196;
    private static final int SMALL_EVENTS = 1_000;
    private static final double WARM_PART = 0.25;
    private static final long HEAP_SLACK = 16 << 20;
    private static final double RSS_GROWTH = 1.15;
    private static final long RSS_MOST = 512L << 20;
    private static final Pattern IVORN = Pattern.compile("ivorn\\s*=\\s*[\"']([^\"']*)[\"']");

    @Override
    public String name() {
        return "month";
    }

    @Override
    public String promise() {
        return "a month of traffic in ten minutes: nothing lost, nothing twice, and memory stays flat";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(SECONDS, SUBSCRIBERS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        List<Event> events = events(setting);
        Recorded recorded = new Recorded(setting.folder().resolve("recorded"));
        Path saved = setting.folder().resolve("saved");
        AtomicInteger next = new AtomicInteger();
        List<Subscriber> subscribers = new ArrayList<>();
        try (BrokerProcess broker = setting.broker("month").recordTo(recorded.file()).saveTo(saved)) {
            broker.start();
            double perSecond = (double) events.size() / setting.of(SECONDS);
            try (Authors author = new Authors("month", broker.receivePort, 1, 16, perSecond, (name, number) -> events.get(Math.min(next.getAndIncrement(), events.size() - 1)))) {
                for (int i = 0; i < setting.of(SUBSCRIBERS); i++) {
                    subscribers.add(new Subscriber(broker.broadcastPort, Optional.empty()));
                }
                long begun = System.nanoTime();
                author.start();
                awaitSubmitted(next, (int) (events.size() * WARM_PART), setting);
                long heapWarm = broker.heap().bytes();
                long rssWarm = broker.residentBytes();
                awaitSubmitted(next, events.size() / 2, setting);
                long rssHalf = broker.residentBytes();
                awaitSubmitted(next, events.size(), setting);
                Ledger ledger = author.finish();
                double seconds = (System.nanoTime() - begun) / 1e9;
                recorded.awaitAll(ledger.acknowledged());
                for (Subscriber subscriber : subscribers) {
                    subscriber.awaitAll(ledger.acknowledged());
                    assertEquals(1, subscriber.sessions());
                }
                long heapEnd = broker.heap().bytes();
                long rssEnd = broker.residentBytes();
                figures.put("events", events.size());
                figures.put("seconds", seconds);
                figures.put("refused", ledger.refusals().size());
                figures.put("subscribers", subscribers.size());
                figures.putTimes("delivery", subscribers.get(0).latencies(ledger, begun, System.nanoTime()));
                figures.put("heap-warm-mb", heapWarm >> 20);
                figures.put("heap-end-mb", heapEnd >> 20);
                figures.put("rss-warm-mb", rssWarm >> 20);
                figures.put("rss-half-mb", rssHalf >> 20);
                figures.put("rss-end-mb", rssEnd >> 20);
                assertTrue(heapEnd <= heapWarm + HEAP_SLACK, "the heap has grown");
                // What Java takes of the memory that it may have grows for a while though less is in use.
                assertTrue(rssEnd <= rssHalf * RSS_GROWTH && rssEnd <= RSS_MOST, "resident memory has grown");
            }
        } finally {
            subscribers.forEach(Subscriber::close);
        }
    }

    private static void awaitSubmitted(AtomicInteger next, int count, Setting setting) {
        await(count + " events submitted").atMost(Duration.ofSeconds(setting.of(SECONDS) * 2L + 60)).until(() -> next.get() >= count);
    }

    /** The shared sample in the order of its dates' names, or as many of our own. */
    private static List<Event> events(Setting setting) throws IOException, InterruptedException {
        Optional<Path> archive = SharedData.folder().map(folder -> folder.resolve("voevents-2014-04.tar.bz2")).filter(Files::exists);
        if (setting.full() && archive.isPresent()) {
            return real(archive.get(), Files.createDirectories(setting.folder().resolve("events")));
        }
        System.out.println("month: events of our own");
        List<Event> own = new ArrayList<>();
        for (int number = 1; number <= (setting.full() ? OWN_EVENTS : SMALL_EVENTS); number++) {
            own.add(Authors.sample("month", number));
        }
        return own;
    }

    private static List<Event> real(Path archive, Path into) throws IOException, InterruptedException {
        Tools.find("bzip2");
        Process tar = new ProcessBuilder("tar", "xjf", archive.toString(), "-C", into.toString()).inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not unpack " + archive);
        }
        List<Event> events = new ArrayList<>();
        try (Stream<Path> files = Files.walk(into)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                byte[] content = Files.readAllBytes(file);
                Matcher ivorn = IVORN.matcher(new String(content, StandardCharsets.UTF_8));
                if (ivorn.find()) {
                    events.add(new Event(ivorn.group(1), content));
                }
            }
        }
        return events;
    }
}
