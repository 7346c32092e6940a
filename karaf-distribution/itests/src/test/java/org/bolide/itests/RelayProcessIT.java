package org.bolide.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Authors, brokers and subscribers around processes that were started as a user starts them. */
class RelayProcessIT {

    @TempDir
    Path directory;

    static String submit(int port, byte[] event) throws IOException {
        try (VtpPeer author = VtpPeer.connect(port)) {
            return author.send(event).readText();
        }
    }

    private static byte[] numbered(int number) {
        return SampleEvents.event("ivo://test.author/relay#" + number).bytes();
    }

    @Test
    void shouldRelayEveryEventBitForBitThroughTwoBrokers() throws IOException {
        Map<String, byte[]> events = new LinkedHashMap<>();
        for (byte[] event : SampleEvents.all()) {
            events.put("sample " + events.size(), event);
        }
        Map<String, String> expectedRefusals = new HashMap<>();
        for (SharedData.RealEvent event : SharedData.events()) {
            events.put(event.name(), event.content());
            if (event.comet().equals("refuse")) {
                expectedRefusals.put(event.name(), event.why());
            }
        }
        System.out.printf("relaying %d events, %d of them real ones%n", events.size(), SharedData.events().size());
        try (Broker first = new Broker(directory.resolve("first")).startBoth();
                Broker second = new Broker(directory.resolve("second"))
                        .startBoth("--remote=localhost:" + first.broadcastPort);
                VtpPeer subscriber = VtpPeer.subscribe(second.broadcastPort)) {
            second.awaitLog("subscription.*connected to");
            List<byte[]> accepted = new ArrayList<>();
            List<String> refused = new ArrayList<>();
            events.forEach((name, event) -> {
                try {
                    String answer = submit(first.receivePort, event);
                    if (answer.contains("duplicate")) {
                        System.out.println("the same root element as one before: " + name);
                    } else if (answer.contains("role=\"ack\"")) {
                        accepted.add(event);
                    } else if (answer.contains("role=\"iamalive\"")) {
                        refused.add(name + ": a Transport message, which is answered");
                    } else {
                        assertTrue(answer.contains("<Result>"), answer);
                        refused.add(name + ": " + answer.replaceAll("(?s).*<Result>(.*)</Result>.*", "$1"));
                    }
                } catch (IOException e) {
                    throw new AssertionError(name, e);
                }
            });
            for (byte[] event : accepted) {
                assertArrayEquals(event, subscriber.takeEvent());
            }
            byte[] last = numbered(0);
            submit(first.receivePort, last);
            assertArrayEquals(last, subscriber.takeEvent(), "nothing came twice");
            refused.forEach(line -> System.out.println("refused " + line));
            assertTrue(accepted.size() >= SampleEvents.all().size() - 1, refused.toString());
            expectedRefusals.keySet().stream()
                    .filter(name -> refused.stream().noneMatch(line -> line.startsWith(name)))
                    .forEach(name -> System.out.println("accepted though Comet refuses it: " + name + " ("
                            + expectedRefusals.get(name) + ")"));
        }
    }

    @Test
    void shouldSettleInALoopOfThreeBrokers() throws IOException {
        Broker[] brokers = new Broker[3];
        for (int i = 0; i < 3; i++) {
            brokers[i] = new Broker(directory.resolve("loop" + i));
        }
        try {
            for (int i = 0; i < 3; i++) {
                brokers[i].startBoth("--remote=127.0.0.1:" + brokers[(i + 1) % 3].broadcastPort);
            }
            for (Broker broker : brokers) {
                broker.awaitLog("subscription.*connected to");
            }
            List<VtpPeer> subscribers = new ArrayList<>();
            for (Broker broker : brokers) {
                subscribers.add(VtpPeer.subscribe(broker.broadcastPort));
            }
            for (int n = 1; n <= 30; n++) {
                submit(brokers[n % 3].receivePort, numbered(n));
            }
            for (VtpPeer subscriber : subscribers) {
                List<String> came = new ArrayList<>();
                for (int n = 1; n <= 30; n++) {
                    came.add(new String(subscriber.takeEvent(), StandardCharsets.UTF_8));
                }
                assertEquals(30, came.stream().distinct().count());
                assertEquals(
                        IntStream.rangeClosed(1, 30).mapToObj(n -> new String(numbered(n), StandardCharsets.UTF_8)).sorted().toList(),
                        came.stream().sorted().toList());
            }
            // Whatever would go round and round comes before what is sent now.
            submit(brokers[0].receivePort, numbered(31));
            for (VtpPeer subscriber : subscribers) {
                assertArrayEquals(numbered(31), subscriber.takeEvent());
                subscriber.close();
            }
        } finally {
            Arrays.stream(brokers).forEach(Broker::close);
        }
    }

    @Test
    void shouldReplayTheDemosSession() throws IOException {
        Broker broker = new Broker(directory);
        try (broker) {
            broker.start("--local-ivo=ivo://demo.bolide/broker", "-r", "--receive-port=" + broker.receivePort, "-b",
                    "--broadcast-port=" + broker.broadcastPort, "--broadcast-test-interval=0", "--print-event");
            broker.awaitListening(broker.receivePort);
            broker.awaitListening(broker.broadcastPort);
            try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
                subscriber.filters("//Who/Author[contactName=\"KSK\"]");
                broker.awaitLog("contactName=\"KSK\"");
                byte[] other = SampleEvents.event("ivo://author.demo/alerts#1").contactName("Somebody").bytes();
                byte[] ksk = SampleEvents.event("ivo://author.demo/alerts#2").contactName("KSK").bytes();
                assertTrue(submit(broker.receivePort, other).contains("role=\"ack\""));
                assertTrue(submit(broker.receivePort, ksk).contains("role=\"ack\""));
                assertArrayEquals(ksk, subscriber.takeEvent());
            }
            await().until(() -> broker.output().contains("<contactName>KSK</contactName>"));
            assertTrue(broker.output().contains("<contactName>Somebody</contactName>"), "handlers take every event");
        }
    }

    @Test
    void shouldProveTheWholePathWithATestEvent() throws IOException {
        Broker broker = new Broker(directory);
        try (broker) {
            broker.start("--local-ivo=" + Broker.IVOID, "--broadcast", "--broadcast-port=" + broker.broadcastPort,
                    "--broadcast-test-interval=1");
            broker.awaitListening(broker.broadcastPort);
            try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
                String event = new String(subscriber.takeEvent(), StandardCharsets.UTF_8);
                assertTrue(event.contains("role=\"test\"") && event.contains("ivorn=\"" + Broker.IVOID), event);
            }
        }
    }

    @Test
    void shouldTellASubscriberWhatIsWrongWithItsFilterAndSendNothing() throws IOException {
        try (Broker broker = new Broker(directory).startBoth();
                VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            String answer = subscriber.filters("//Who/Author[contactName=").readText();
            assertTrue(answer.contains("role=\"nak\"") && answer.contains("contactName="), answer);
            broker.awaitLog("WARN.*filter");
            submit(broker.receivePort, numbered(1));
            subscriber.filters("@ivorn='ivo://test.author/relay#2'");
            broker.awaitLog("relay#2");
            submit(broker.receivePort, numbered(2));
            assertArrayEquals(numbered(2), subscriber.takeEvent(), "the first event was not sent");
        }
    }
}
