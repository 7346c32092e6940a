package org.bolide.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What happens to authors and subscribers when the broker stops. */
class EndingTest {

    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), new Languages());
    private final MemoryBroker broker = new MemoryBroker();
    private Receiver receiver;
    private Broadcaster broadcaster;

    @AfterEach
    void close() {
        node.ending().endAll();
        node.close();
        broker.close();
    }

    private int receive() throws IOException {
        receiver = new Receiver(new Instance("receiver.public", "etc/r.cfg.json"), Configs.of(ReceiverConfig.class, values()), node, broker);
        node.ending().takes(receiver::close);
        return receiver.port();
    }

    private int broadcast(Object... settings) throws IOException {
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"), Configs.of(BroadcasterConfig.class, values(settings)), node,
                broker, broker, null);
        node.ending().sends(broadcaster::close);
        return broadcaster.port();
    }

    private static Map<String, Object> values(Object... settings) {
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0));
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        return values;
    }

    private static byte[] event(int id) {
        return SampleEvents.event("ivo://test.author/x#" + id).bytes();
    }

    private static byte[] longEvent(int id) {
        return (new String(event(id), UTF_8) + "<!--" + "x".repeat(200_000) + "-->").getBytes(UTF_8);
    }

    private CompletableFuture<Duration> stop() {
        long begun = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> {
            node.ending().endAll();
            return Duration.ofNanos(System.nanoTime() - begun);
        });
    }

    @Test
    void shouldSendWhatWasAcknowledgedBeforeItStops() throws Exception {
        int authors = receive();
        int count = 100; // far more than sockets take
        try (VtpPeer subscriber = VtpPeer.subscribe(broadcast("drainSeconds", 30)); VtpPeer author = VtpPeer.connect(authors)) {
            for (int i = 0; i < count; i++) {
                author.send(longEvent(i));
            }
            for (int i = 0; i < count; i++) {
                assertTrue(author.readText().contains("role=\"ack\""));
            }
            CompletableFuture<Duration> stopped = stop();
            assertTrue(author.closes());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(longEvent(i), subscriber.takeEvent());
            }
            assertTrue(subscriber.closes());
            assertTrue(stopped.get(30, TimeUnit.SECONDS).toSeconds() < 20);
        }
        assertEquals("this broker stops", broadcaster.connections().departures().get(0).reason());
    }

    @Test
    void shouldAnswerWhatItHasTakenAndLetNobodyIn() throws Exception {
        int port = receive();
        int subscribers = broadcast();
        try (VtpPeer author = VtpPeer.connect(port); VtpPeer idle = VtpPeer.connect(port)) {
            broker.hold();
            author.send(event(1));
            await().until(() -> broker.submissions().size() == 1);
            CompletableFuture<Duration> stopped = stop();
            assertTrue(idle.closes());
            await().untilAsserted(() -> assertThrows(IOException.class, () -> VtpPeer.connect(port).close()));
            assertEquals(Weight.NOT_READY, receiver.health().problems().get(0).weight());
            assertTrue(receiver.health().problems().get(0).text().startsWith("stopping"));
            try (VtpPeer subscriber = VtpPeer.subscribe(subscribers)) { // which stops when all is taken
                author.send(event(2)); // too late
                broker.open();
                assertTrue(author.readText().contains("role=\"ack\""));
                assertTrue(author.closes());
                assertArrayEquals(event(1), subscriber.takeEvent());
                assertTrue(subscriber.closes());
            }
            stopped.get(10, TimeUnit.SECONDS);
            assertEquals(1, broker.events().size());
            assertTrue(broadcaster.health().problems().get(0).text().startsWith("stopping"));
        }
    }

    @Test
    void shouldNotWaitForWhoDoesNothing() throws Exception {
        try (VtpPeer stuck = VtpPeer.subscribe(broadcast("drainSeconds", 30))) {
            broker.append(event(1));
            stuck.read(); // and never acknowledges
            assertTrue(stop().get(10, TimeUnit.SECONDS).toSeconds() < 4);
            assertTrue(stuck.closes());
        }
    }

    @Test
    void shouldNotWaitLongerThanIsSetForWhoTakesItsTime() throws Exception {
        int count = 1000;
        CountDownLatch stopped = new CountDownLatch(1);
        try (VtpPeer slow = VtpPeer.subscribe(broadcast("drainSeconds", 1))) {
            for (int i = 0; i < count; i++) {
                broker.append(event(i));
            }
            CompletableFuture<Void> stopping = stop().thenAccept(time -> {
                assertTrue(time.toMillis() < 4_000, time.toString());
                stopped.countDown();
            });
            int taken = 0;
            while (taken < count && !stopped.await(100, TimeUnit.MILLISECONDS)) {
                slow.takeEvent();
                taken++;
            }
            stopping.get(10, TimeUnit.SECONDS);
            assertTrue(taken < count, "it took all");
        }
    }

    @Test
    void shouldEndWhatTakesBeforeWhatSendsAndEachOnce() {
        List<String> ended = new ArrayList<>();
        Ending ending = new Ending(Runnable::run);
        Runnable last = () -> ended.add("sends");
        Runnable first = () -> ended.add("takes");
        ending.sends(last);
        ending.takes(first);
        ending.endAll();
        ending.end(first);
        ending.endAll();
        assertEquals(List.of("takes", "sends"), ended);
        ending.sends(last);
        ending.end(last);
        ending.endAll();
        assertEquals(List.of("takes", "sends", "sends"), ended);
    }
}
