package org.bolide.transport;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WishesTest {

    /** Above what an address may ask for at once. */
    private static final String LONG = "//Author[contactName = '" + "x".repeat(40_000) + "']";
    private static final int MAX_FILTERS = 8;

    /** Between the answer that a request must wait and the question for how long, its time may come: nobody else would go on with it. */
    @Test
    void shouldSayHowLongToWaitAlsoWhenThatIsOver() throws Exception {
        Languages languages = new Languages();
        languages.put("xpath", new BoundedXPath());
        List<String> told = new ArrayList<>();
        try (Node node = new Node(Ivoid.parse("ivo://test.broker/local"), languages)) {
            InetAddress address = InetAddress.getLoopbackAddress();
            Wishes wishes = new Wishes(address, new Peers().enter(address, 1).orElseThrow(), Set.of("xpath"), node, told::add);
            for (int i = 0; i < 3; i++) {
                wishes.request(List.of(new TransportMessage.Filter("xpath", LONG, "xpath-filter", Optional.empty())), Optional::empty, MAX_FILTERS,
                        System.nanoTime());
            }
            while (wishes.advance()) {
                // until one must wait
            }
            long wait = wishes.waitNanos();
            assertTrue(wait > 0, "the third one need not wait");
            long asked = System.nanoTime();
            await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() - asked > wait);
            assertEquals(wait, wishes.waitNanos());
            while (wishes.advance()) {
                // until nothing is left, or one must wait
            }
            assertFalse(wishes.isAsked() && wishes.waitNanos() == 0, "what is left has nobody to wait for it");
            assertEquals(List.of(), told);
        }
    }
}
