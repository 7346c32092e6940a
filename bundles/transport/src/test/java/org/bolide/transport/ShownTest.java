package org.bolide.transport;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ShownTest {

    @Test
    void shouldKeepAStrangersTextInOneLine() {
        assertEquals("a  2026-01-01 ERROR all is lost b c", Shown.filter("a\r\n2026-01-01 ERROR all is lost\u2028b\u202ec"));
        assertEquals("\u00e9\ud83d\ude00", Shown.filter("\u00e9\ud83d\ude00"));
    }

    @Test
    void shouldCutWhatIsLong() {
        assertEquals("abc\u2026", Shown.line("abcd", 3));
        assertEquals("abc", Shown.line("abc", 3));
        assertEquals("ab \u2026", Shown.line("ab\ud83d\ude00", 3));
    }
}
