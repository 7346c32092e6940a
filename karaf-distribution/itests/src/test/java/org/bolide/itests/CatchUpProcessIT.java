package org.bolide.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who was away gets what it has missed: brokers that were killed under load, subscribers that ask for it. */
class CatchUpProcessIT {

    @TempDir
    Path directory;

    private final AtomicInteger next = new AtomicInteger();
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();

    private static String ivoid(int number) {
        return "ivo://test.author/catchup#" + number;
    }

    private static String identifier(byte[] event) {
        return new String(event, StandardCharsets.UTF_8).replaceAll("(?s).*ivorn=\"([^\"]*)\".*", "$1");
    }

    private static void submit(Broker broker, int number) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(number)).bytes());
        assertTrue(answer.contains("role=\"ack\""), answer);
    }

    /** Authors that submit one event after the other until the broker is gone. */
    private List<Thread> submitTo(Broker broker) {
        List<Thread> authors = IntStream.range(0, 4).mapToObj(i -> new Thread(() -> {
            while (true) {
                int number = next.incrementAndGet();
                try {
                    if (RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid(number)).bytes()).contains("role=\"ack\"")) {
                        acknowledged.add(ivoid(number));
                    }
                } catch (IOException e) {
                    return;
                }
            }
        })).toList();
        authors.forEach(Thread::start);
        return authors;
    }

    private void awaitMore(int events) {
        int before = acknowledged.size();
        await().atMost(30, TimeUnit.SECONDS).until(() -> acknowledged.size() >= before + events);
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Reads what it is sent until all of this has come. */
    private static List<String> take(VtpPeer subscriber, Set<String> wanted) throws IOException {
        List<String> came = new ArrayList<>();
        Set<String> missing = new HashSet<>(wanted);
        while (!missing.isEmpty()) {
            came.add(identifier(subscriber.takeEvent()));
            missing.remove(came.get(came.size() - 1));
        }
        return came;
    }

    @Test
    void shouldLoseNothingBetweenTwoBrokersThatAreKilledUnderLoad() throws Exception {
        Broker up = new Broker(directory.resolve("up"));
        Broker down = new Broker(directory.resolve("down"));
        String remote = "--remote=127.0.0.1:" + up.broadcastPort;
        try (up; down) {
            up.startBoth();
            down.startBoth(remote);
            down.awaitLog("what you acknowledge is remembered");
            List<Thread> authors = submitTo(up);
            awaitMore(150);
            down.kill();
            awaitMore(150);
            down.startBoth(remote);
            awaitMore(150);
            up.kill();
            join(authors);
            up.startBoth();
            authors = submitTo(up);
            awaitMore(150);
            down.kill();
            up.kill();
            join(authors);
            up.startBoth();
            down.startBoth(remote);
            int last = next.incrementAndGet();
            submit(up, last);
            acknowledged.add(ivoid(last));
            try (VtpPeer subscriber = VtpPeer.subscribe(down.broadcastPort)) {
                subscriber.ask("replay-from", "1");
                List<String> came = take(subscriber, acknowledged);
                assertEquals(came.size(), new HashSet<>(came).size(), "each event is in the log once");
                System.out.printf("%d acknowledged events went through two brokers that were killed twice each%n", acknowledged.size());
            }
        }
    }

    @Test
    void shouldReplayByTimeAndRememberASubscriberAcrossARestart() throws Exception {
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth();
            submit(broker, 1);
            try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
                subscriber.ask("subscriber", "archive");
                assertTrue(subscriber.readText().contains("you are 'archive' here"));
                submit(broker, 2);
                submit(broker, 3);
                assertEquals(ivoid(2), identifier(subscriber.takeEvent()));
                assertEquals(ivoid(3), identifier(subscriber.read()));
            }
            assertEquals(0, broker.terminate());
            broker.startBoth();
            Instant restarted = Instant.now();
            submit(broker, 4);
            try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort); VtpPeer reader = VtpPeer.subscribe(broker.broadcastPort)) {
                subscriber.ask("subscriber", "archive");
                assertTrue(subscriber.readText().contains("you are 'archive' here"));
                reader.ask("replay-from", restarted.toString().replace("Z", ""));
                assertTrue(reader.readText().contains("after sequence 3 of"));
                submit(broker, 5);
                for (int number = 3; number <= 5; number++) {
                    assertEquals(ivoid(number), identifier(subscriber.takeEvent()));
                }
                assertEquals(ivoid(4), identifier(reader.takeEvent()));
                assertEquals(ivoid(5), identifier(reader.takeEvent()));
                reader.ask("replay-from", "tomorrow");
                String answer = reader.readText();
                assertTrue(answer.contains("role=\"nak\"") && answer.contains("2026-11-22T03:42:00"), answer);
            }
        }
    }
}
