package org.bolide.filtering;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** That {@code docs/filters.md} is true: its filters are filters, and pass as many of the real events as it says. */
class FilterPageTest {

    private static final Pattern WANTED = Pattern.compile("\\| .* \\| `(.*)` \\| ([\\d,]+) \\| [\\d,]+ \\|");
    private static final Pattern WRONG = Pattern.compile("\\| `(.*?)` \\| (.*) \\| (`.*) \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    private final FilterLanguage language = new XPathLanguage(new FilterRegistry());

    @Test
    void shouldSayHowManyEventsAFilterPasses() throws Exception {
        List<TestEvent> events = SharedData.events().stream()
                .filter(RealEvent::real)
                .map(event -> TestEvent.of(1, TestEvent.header(Optional.empty()), event.content()))
                .toList();
        List<String> said = new ArrayList<>();
        List<String> counted = new ArrayList<>();
        for (Matcher row : rows("## Ten filters", WANTED)) {
            EventExpression filter = language.compile(row.group(1), Map.of());
            said.add(row.group(2) + " " + filter.text());
            counted.add(events.stream().filter(filter::matches).count() + " " + filter.text());
        }
        assertEquals(10, said.size());
        if (!events.isEmpty()) {
            assertEquals(said, counted);
        }
    }

    @Test
    void shouldSayWhatIsRefusedAndWhatToWriteInstead() throws Exception {
        List<Matcher> rows = rows("## What goes wrong", WRONG);
        assertEquals(8, rows.size());
        for (Matcher row : rows) {
            if (row.group(2).startsWith("refused")) {
                assertThrows(FilterSyntaxException.class, () -> language.compile(row.group(1), Map.of()), row.group(1));
            } else {
                language.compile(row.group(1), Map.of());
            }
            for (Matcher right = CODE.matcher(row.group(3)); right.find();) {
                language.compile(right.group(1), Map.of());
            }
        }
    }

    private static List<Matcher> rows(String section, Pattern row) throws IOException {
        return Files.readAllLines(Path.of("../../docs/filters.md")).stream()
                .dropWhile(line -> !line.startsWith(section))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .map(row::matcher)
                .filter(Matcher::matches)
                .toList();
    }
}
