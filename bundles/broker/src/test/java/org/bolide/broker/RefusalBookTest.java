package org.bolide.broker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.Refusals.Kind;
import org.bolide.api.management.Refusals.Refusal;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RefusalBookTest {

    private final RefusalBook book = new RefusalBook();

    private static Refusal refusal(String reason) {
        return new Refusal(Instant.EPOCH, "192.0.2.7:41234", Optional.of("ivo://a/b#" + reason), 5000, Kind.INVALID, reason);
    }

    @Test
    void shouldRememberTheNewest() {
        for (int i = 1; i <= RefusalBook.MOST + 10; i++) {
            book.add(refusal("n" + i));
        }
        List<Refusal> newest = book.newest(Integer.MAX_VALUE);
        assertEquals(RefusalBook.MOST, newest.size());
        assertEquals("n510", newest.get(0).reason());
        assertEquals("n11", newest.get(RefusalBook.MOST - 1).reason());
    }

    @Test
    void shouldCutWhatStrangersWrote() {
        book.add(refusal("\u001b[2J\n" + "x".repeat(1_000_000)));
        Refusal kept = book.newest(1).get(0);
        assertTrue(kept.reason().length() <= 1000, kept.reason());
        assertTrue(kept.reason().startsWith(" [2J xxx"), kept.reason());
        assertTrue(kept.reason().endsWith("x…"), kept.reason());
        assertTrue(kept.identifier().orElseThrow().length() <= 300);
    }

    @Test
    void shouldCutBetweenCharacters() {
        assertEquals("ab", Text.cut("ab", 2));
        assertEquals("abcdef", Text.cut("abcdef", 6));
        assertEquals("ab…", Text.cut("ab\ud83d\udd2dcdef", 4));
    }
}
