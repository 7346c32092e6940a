package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Connection;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.bolide.transport.Resumption.Left;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Classic subscribers that come back. */
class ResumptionTest {

    private static final long MINUTE = 60_000_000_000L;
    private static final Optional<Left> OPEN = Optional.of(new Left(7, false));

    private final Languages languages = new Languages();
    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), languages);
    private final MemoryBroker broker = new MemoryBroker();
    private final Resumption resumption = new Resumption();
    private Broadcaster broadcaster;

    @BeforeEach
    void start() throws IOException {
        languages.put("xpath", new JdkXPath());
        start(Map.of());
    }

    private void start(Map<String, ?> settings) throws IOException {
        if (broadcaster != null) {
            broadcaster.close();
        }
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0));
        values.putAll(settings);
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"), Configs.of(BroadcasterConfig.class, values), node,
                broker, broker, null);
    }

    @AfterEach
    void close() {
        broadcaster.close();
        node.close();
        broker.close();
    }

    private static byte[] event(int number) {
        return SampleEvents.event("ivo://test.author/x#" + number).contactName(number % 2 == 0 ? "even" : "odd").bytes();
    }

    private void append(int... numbers) {
        for (int number : numbers) {
            broker.append(event(number));
        }
    }

    private VtpPeer subscribe() throws IOException {
        return VtpPeer.subscribe(broadcaster.port());
    }

    private void awaitGone() {
        await().until(() -> broadcaster.connections().connections().isEmpty() && broker.openReaders() == 0);
    }

    private Connection shown() {
        return broadcaster.connections().connections().get(0);
    }

    /** Has one subscriber take the first event and leave the second. */
    private void leaveOne() throws IOException {
        try (VtpPeer peer = subscribe()) {
            append(1, 2);
            assertArrayEquals(event(1), peer.takeEvent());
            assertArrayEquals(event(2), peer.read());
        }
        awaitGone();
    }

    @Test
    void shouldGoOnAtTheFirstUnacknowledgedEvent() throws Exception {
        leaveOne();
        append(3);
        broker.submit(Submission.fromAuthor(ByteBuffer.wrap(event(100)), "archive").quietly());
        await().until(() -> broker.latest() == 4);
        try (VtpPeer peer = subscribe()) {
            assertArrayEquals(event(2), peer.takeEvent());
            assertArrayEquals(event(3), peer.takeEvent());
            append(4);
            assertArrayEquals(event(4), peer.takeEvent());
            await().until(() -> shown().reader().get().unacknowledged() == 0);
        }
        awaitGone();
        append(5);
        try (VtpPeer peer = subscribe()) {
            append(6);
            assertArrayEquals(event(6), peer.takeEvent(), "who had acknowledged everything begins anew");
        }
        assertEquals(1, broadcaster.counters().of("resumed").sum());
    }

    @Test
    void shouldNotResumeWhereThatIsOff() throws Exception {
        start(Map.of("resumeMinutes", 0));
        leaveOne();
        try (VtpPeer peer = subscribe()) {
            append(3);
            assertArrayEquals(event(3), peer.takeEvent());
        }
    }

    @Test
    void shouldNotResumeWhoNeverAcknowledged() throws Exception {
        try (VtpPeer peer = subscribe()) {
            append(1);
            assertArrayEquals(event(1), peer.read());
        }
        awaitGone();
        try (VtpPeer peer = subscribe()) {
            append(2);
            assertArrayEquals(event(2), peer.takeEvent());
        }
    }

    @Test
    void shouldNotResumeOneOfSeveral() throws Exception {
        try (VtpPeer other = subscribe()) {
            append(10);
            assertArrayEquals(event(10), other.takeEvent());
        }
        try (VtpPeer other = subscribe(); VtpPeer peer = subscribe()) {
            append(1, 2);
            assertArrayEquals(event(1), peer.takeEvent());
            assertArrayEquals(event(2), peer.read());
            assertArrayEquals(event(1), other.takeEvent());
        }
        awaitGone();
        leaveNothingAndExpectTheNext(3);
        try (VtpPeer peer = subscribe()) { // alone, but there were several a moment ago
            append(4, 5);
            assertArrayEquals(event(4), peer.takeEvent());
            assertArrayEquals(event(5), peer.read());
        }
        awaitGone();
        leaveNothingAndExpectTheNext(6);
    }

    private void leaveNothingAndExpectTheNext(int number) throws IOException {
        try (VtpPeer peer = subscribe()) {
            append(number);
            assertArrayEquals(event(number), peer.takeEvent());
            await().until(() -> shown().reader().get().unacknowledged() == 0);
        }
        awaitGone();
    }

    @Test
    void shouldWaitForTheFiltersOfWhoHadSome() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.filters("//Who/Author[contactName='even']");
            await().until(() -> shown().reader().get().filters().size() == 1);
            append(1, 2, 3, 4);
            assertArrayEquals(event(2), peer.takeEvent());
            assertArrayEquals(event(4), peer.read());
        }
        awaitGone();
        append(5, 6);
        try (VtpPeer peer = subscribe()) {
            peer.filters("//Who/Author[contactName='even']");
            assertArrayEquals(event(4), peer.takeEvent());
            assertArrayEquals(event(6), peer.takeEvent());
        }
    }

    @Test
    void shouldTakeWhoDoesNotAskForTheFiltersForSomebodyElse() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.filters("//Who/Author[contactName='even']");
            await().until(() -> shown().reader().get().filters().size() == 1);
            append(2, 4);
            assertArrayEquals(event(2), peer.takeEvent());
            assertArrayEquals(event(4), peer.read());
        }
        awaitGone();
        try (VtpPeer peer = subscribe()) {
            append(5);
            assertArrayEquals(event(5), peer.takeEvent());
        }
    }

    @Test
    void shouldKeepAPlaceForAWhileOnly() throws Exception {
        InetAddress a = InetAddress.getByName("192.0.2.1");
        resumption.entered(a, 0, MINUTE);
        resumption.left(a, OPEN, 0, MINUTE);
        assertEquals(OPEN, resumption.entered(a, MINUTE - 1, MINUTE));
        resumption.left(a, OPEN, 0, MINUTE);
        assertEquals(Optional.empty(), resumption.entered(a, MINUTE, MINUTE));
        resumption.left(a, Optional.empty(), MINUTE, MINUTE);
        assertEquals(0, resumption.gone());
    }

    @Test
    void shouldGiveAPlaceToOneConnectionOnly() throws Exception {
        InetAddress a = InetAddress.getByName("192.0.2.1");
        resumption.entered(a, 0, MINUTE);
        resumption.left(a, OPEN, 0, MINUTE);
        assertEquals(OPEN, resumption.entered(a, 1, MINUTE));
        assertEquals(Optional.empty(), resumption.entered(a, 2, MINUTE));
    }

    @Test
    void shouldBeBounded() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
            resumption.entered(address, i, MINUTE);
            resumption.left(address, OPEN, i, MINUTE);
        }
        assertTrue(resumption.gone() == 4096, () -> "" + resumption.gone());
        assertEquals(Optional.empty(), resumption.entered(InetAddress.getByName("10.0.0.1"), 10_000, MINUTE));
        assertEquals(OPEN, resumption.entered(InetAddress.getByAddress(new byte[] {10, 0, (byte) (9999 >> 8), (byte) 9999}), 10_000, MINUTE));
    }
}
