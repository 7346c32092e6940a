package org.bolide.shell.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TableTest {

    private static String printed(Table table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldKeepItsWidthWhateverIsInIt() {
        Table table = new Table("Name", "Address", ">Number", "Text");
        table.row("n".repeat(300), "ivo://some.authority/a/very/long/resource/key/of/a/stream/that/nobody/wants/to/type#and-its-record-4711",
                "1,000", "🔭".repeat(1000));
        String printed = printed(table);
        assertTrue(printed.lines().allMatch(line -> line.codePointCount(0, line.length()) <= 100), printed);
        assertTrue(printed.contains("-its-record-4711"), printed);
        assertEquals(5, printed.lines().count(), printed);
    }

    @Test
    void shouldLeaveColumnsThatFitAsTheyAre() {
        Table table = new Table("Name", ">Number", "Text");
        table.row("one", "1", "a text");
        table.row("two", "20,000", "another");
        assertEquals("""
                Name  Number  Text
                one        1  a text
                two   20,000  another
                """, printed(table));
    }

    @Test
    void shouldSayHowLongThingsTake() {
        assertEquals("250 ms", Screen.duration(Duration.ofMillis(250)));
        assertEquals("119 s", Screen.duration(Duration.ofSeconds(119)));
        assertEquals("2 min", Screen.duration(Duration.ofSeconds(121)));
        assertEquals("5 h 20 min", Screen.duration(Duration.ofMinutes(320)));
        assertEquals("9 h", Screen.duration(Duration.ofHours(9)));
        assertEquals("12 d 3 h", Screen.duration(Duration.ofHours(12 * 24 + 3)));
    }
}
