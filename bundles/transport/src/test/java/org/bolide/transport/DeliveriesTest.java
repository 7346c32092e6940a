package org.bolide.transport;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import org.bolide.api.management.Deliveries.Answer;
import org.bolide.api.management.Deliveries.Delivery;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a broadcaster remembers of who was sent what, over real connections. */
class DeliveriesTest {

    private final Languages languages = new Languages();
    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), languages);
    private final MemoryBroker broker = new MemoryBroker();
    private Broadcaster broadcaster;

    @BeforeEach
    void open() throws IOException {
        languages.put("xpath", new JdkXPath());
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"),
                Configs.of(BroadcasterConfig.class, Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0)), node, broker, broker, null);
    }

    @AfterEach
    void close() {
        broadcaster.close();
        node.close();
        broker.close();
    }

    private static String id(int number) {
        return "ivo://test.author/x#" + number;
    }

    private void append(int number) {
        broker.append(SampleEvents.event(id(number)).contactName(number % 2 == 0 ? "KSK" : "other").bytes());
    }

    private List<Answer> answers(long sequence) {
        return broadcaster.deliveries().of(sequence).stream().map(Delivery::answer).toList();
    }

    private List<String> receivers(long sequence) {
        return broadcaster.deliveries().of(sequence).stream().map(Delivery::receiver).toList();
    }

    private void awaitAnswer(long sequence, Answer answer) {
        await().until(() -> answers(sequence), List.of(answer)::equals);
    }

    @Test
    void shouldTellWhoWasSentAnEventAndWhatItAnswered() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(broadcaster.port())) {
            for (int number = 1; number <= 4; number++) {
                append(number);
                subscriber.read();
            }
            assertEquals(List.of("127.0.0.1:" + subscriber.localPort()), receivers(1));
            assertEquals(List.of(Answer.NONE), answers(1));
            subscriber.ack(id(1));
            awaitAnswer(1, Answer.ACKNOWLEDGED);
            subscriber.send(VtpPeer.transport("nak", id(3), "<Meta><Result>no</Result></Meta>"));
            awaitAnswer(3, Answer.REFUSED);
            assertEquals(List.of(Answer.SETTLED), answers(2));
            assertEquals(List.of(Answer.NONE), answers(4));
            Delivery acknowledged = broadcaster.deliveries().of(1).get(0);
            assertTrue(!acknowledged.sentAt().isBefore(broadcaster.deliveries().since())
                    && acknowledged.answeredAt().orElseThrow().isAfter(acknowledged.sentAt()), acknowledged.toString());
        }
        await().until(() -> broadcaster.connections().connections().isEmpty());
        assertEquals(List.of(Answer.ACKNOWLEDGED), answers(1));
        assertEquals(List.of(Answer.NONE), answers(4)); // gone without an answer
    }

    @Test
    void shouldTellOnlyOfThoseWhoWereSentIt() throws Exception {
        try (VtpPeer all = VtpPeer.subscribe(broadcaster.port()); VtpPeer some = VtpPeer.subscribe(broadcaster.port()).filters("//Author[contactName='KSK']")) {
            await().until(() -> broadcaster.connections().connections().stream().anyMatch(peer -> !peer.reader().get().filters().isEmpty()));
            append(1);
            append(2);
            some.takeEvent();
            all.takeEvent();
            all.takeEvent();
            await().until(() -> answers(2), List.of(Answer.ACKNOWLEDGED, Answer.ACKNOWLEDGED)::equals);
            assertEquals(List.of("127.0.0.1:" + all.localPort()), receivers(1));
        }
    }

    @Test
    void shouldCallWhoIsRememberedByItsNameAndTellEachTimeItWasSent() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(broadcaster.port())) {
            append(1);
            subscriber.read();
            assertEquals(List.of("127.0.0.1:" + subscriber.localPort()), receivers(1));
            subscriber.ask("subscriber", "desk");
            await().until(() -> receivers(1), List.of("desk")::equals);
        }
        try (VtpPeer again = VtpPeer.subscribe(broadcaster.port()).ask("subscriber", "desk")) {
            again.takeEvent();
            await().until(() -> answers(1), List.of(Answer.NONE, Answer.ACKNOWLEDGED)::equals);
            assertEquals(List.of("desk", "desk"), receivers(1));
        }
    }
}
