package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What was acknowledged is there, whatever happens to the process. */
class DurabilityProcessIT {

    @TempDir
    Path directory;

    private static String ivoid(int number) {
        return "ivo://test.author/durable#" + number;
    }

    private static Set<String> saved(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("ivo_test.author"))
                    .map(file -> {
                        try {
                            return Files.readString(file).replaceAll("(?s).*ivorn=\"([^\"]*)\".*", "$1");
                        } catch (IOException e) {
                            return "unreadable " + file;
                        }
                    })
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void shouldKeepAndDeliverWhatWasAcknowledgedBeforeAKill() throws Exception {
        Path events = directory.resolve("events");
        String[] options = {"--save-event", "--save-event-directory=" + events};
        Broker broker = new Broker(directory);
        try (broker) {
            Set<String> acknowledged = new ConcurrentSkipListSet<>();
            AtomicInteger next = new AtomicInteger();
            for (int round = 1; round <= 3; round++) {
                broker.startBoth(options);
                int before = acknowledged.size();
                List<Thread> authors = IntStream.range(0, 8).mapToObj(i -> new Thread(() -> {
                    while (true) {
                        int number = next.incrementAndGet();
                        try {
                            if (RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(number)).bytes())
                                    .contains("role=\"ack\"")) {
                                acknowledged.add(ivoid(number));
                            }
                        } catch (IOException e) {
                            return;
                        }
                    }
                })).toList();
                authors.forEach(Thread::start);
                await().atMost(30, TimeUnit.SECONDS).until(() -> acknowledged.size() >= before + 150);
                broker.kill();
                for (Thread author : authors) {
                    author.join();
                }
            }
            broker.startBoth(options);
            await().atMost(60, TimeUnit.SECONDS).until(() -> saved(events).containsAll(acknowledged));
            // An author that got no answer submits again: the event is there once.
            int lost = next.get();
            String first = RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(lost)).bytes());
            String second = RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(lost)).bytes());
            assertTrue(first.contains("role=\"ack\"") && second.contains("duplicate"), first + second);
            System.out.printf("%d acknowledged events survived three kills%n", acknowledged.size());
        }
    }

    @Test
    void shouldResumeAfterARestartWithoutRepeatingAnEvent() throws Exception {
        Path printed = directory.resolve("printed");
        String[] options = {"--cmd=sh -c 'echo $BOLIDE_IVOID >> \"" + printed + "\"'"};
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth(options);
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(1)).bytes());
            await().until(() -> Files.exists(printed) && Files.readAllLines(printed).size() == 1);
            assertEquals(0, broker.terminate());
            broker.startBoth();
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(2)).bytes());
            assertEquals(0, broker.terminate());
            broker.startBoth(options);
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(3)).bytes());
            await().until(() -> Files.readAllLines(printed).size() >= 3);
            assertEquals(List.of(ivoid(1), ivoid(2), ivoid(3)), Files.readAllLines(printed));
        }
    }

    @Test
    void shouldStayUpWhenTheDiskIsFullAndRecover() throws Exception {
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth();
            RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(1)).bytes());
            // Files of this process may not grow any more: writing fails as on a full disk.
            limitFiles(broker.pid(), "1024");
            assertTrue(closesWithoutReceipt(broker, 2), "an event that cannot be stored gets no receipt");
            assertTrue(broker.isAlive());
            limitFiles(broker.pid(), "unlimited");
            await().atMost(30, TimeUnit.SECONDS).until(() -> !closesWithoutReceipt(broker, 2));
            broker.awaitLog("the event log can be written again");
            try (VtpPeer author = VtpPeer.connect(broker.receivePort)) {
                assertTrue(author.send(SampleEvents.event(ivoid(1)).bytes()).readText().contains("duplicate"));
            }
        }
    }

    private static boolean closesWithoutReceipt(Broker broker, int number) throws IOException {
        try (VtpPeer author = VtpPeer.connect(broker.receivePort)) {
            author.send(SampleEvents.event(ivoid(number)).bytes());
            return author.closes();
        }
    }

    private static void limitFiles(long pid, String bytes) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder(
                org.bolide.testkit.Tools.find("prlimit").toString(), "--pid=" + pid, "--fsize=" + bytes + ":unlimited")
                .inheritIO().start();
        assertEquals(0, prlimit.waitFor());
    }
}
