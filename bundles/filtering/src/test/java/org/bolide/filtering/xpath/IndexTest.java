package org.bolide.filtering.xpath;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.BrokerEvent;
import org.bolide.filtering.EventParser;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IndexTest {

    private static final String COSTLY = "//*[//*[//*[//*[//*[. = 'no such text']]]]]";

    private final XPathEngine engine = new XPathEngine(new Trees(new EventParser()::parse, new LongAdder(), new LongAdder()), false);
    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(strings = {
        "@role='nosuch'", "starts-with(@ivorn, 'ivo://nosuch')", "//Param[@name='nosuch']", "//Param[@name='nosuch' and @value>40]",
        "//Param[@name='nosuch'][@value='1']", "//Param[@unit and @name='nosuch']/@value > 5", "//Param[@name='nosuch']/@value = '5'",
        "@role='nosuch' or //Group[@name='nosuch']", "@role='observation' and //Param[@name='nosuch']", "'nosuch' = @role",
        "(//Param[@name='nosuch'])[1]/@value < 2",
        "//Param[@name='nosuch'] | //Param[@name='Nosuch']", ".//Param[@name='nosuch']", "@role='nosuch' and " + COSTLY,
    })
    void shouldKnowWithoutAnEvaluation(String filter) throws Exception {
        BrokerEvent event = event(new String(SampleEvents.swift(), StandardCharsets.UTF_8));
        XPath xpath = engine.compile(filter, Map.of());
        assertTrue(xpath.excludes(event));
        assertFalse(xpath.passes(event));
    }

    /** It may have a filter's end at the bound taken for a plain no as little as it may miss an event. */
    @ParameterizedTest
    @ValueSource(strings = {COSTLY + " and @role='nosuch'", "//Param[" + COSTLY + "]/..//Param[@name='nosuch']",
        COSTLY + " | //Param[@name='nosuch']", "@role='nosuch' or " + COSTLY})
    void shouldLeaveWhatMayCostTooMuchToTheEvaluation(String filter) throws Exception {
        BrokerEvent event = event(new String(SampleEvents.swift(), StandardCharsets.UTF_8));
        XPath xpath = engine.compile(filter, Map.of());
        assertFalse(xpath.excludes(event));
        assertThrows(Overrun.class, () -> xpath.passes(event));
    }

    @Test
    void shouldLeaveLaterFiltersToTheEvaluation() throws Exception {
        BrokerEvent event = event("<a x='1'/>");
        XPath earlier = engine.compile("@x='2'", Map.of());
        assertTrue(earlier.excludes(event));
        XPath later = engine.compile("@x='1'", Map.of());
        XPath laterStill = engine.compile("@x='3'", Map.of());
        assertFalse(later.excludes(event));
        assertFalse(laterStill.excludes(event));
        assertTrue(laterStill.excludes(event("<a x='1'/>")));
        assertFalse(later.excludes(event("<a x='1'/>")));
    }

    @Test
    void shouldForgetAFilterThatNobodyHolds() throws Exception {
        WeakReference<XPath> gone = new WeakReference<>(engine.compile("@x='y'", Map.of()));
        await().atMost(10, SECONDS).until(() -> {
            System.gc();
            return gone.get() == null;
        });
        assertFalse(engine.compile("@x='z'", Map.of()).excludes(event("<a x='z'/>")));
    }

    /** Its word on each of many filters made at random, and on the real ones where they are, is that of an evaluation. */
    @Test
    void shouldSayNoOnlyToWhatDoesNotPass() throws Exception {
        List<BrokerEvent> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            events.add(event(document()));
        }
        for (SharedData.RealEvent event : SharedData.events()) {
            if (!event.dtd() && !event.name().startsWith("dubious/") && event.name().hashCode() % 10 == 0) {
                events.add(event(new String(event.content(), StandardCharsets.UTF_8)));
            }
        }
        List<XPath> filters = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            filters.add(engine.compile(condition(3), Map.of()));
        }
        int excluded = 0;
        int passed = 0;
        for (BrokerEvent event : events) {
            for (XPath filter : filters) {
                boolean passes = filter.passes(event);
                boolean excludes = filter.excludes(event);
                assertFalse(passes && excludes, filter::toString);
                excluded += excludes ? 1 : 0;
                passed += passes ? 1 : 0;
            }
        }
        int asked = events.size() * filters.size();
        System.out.printf("index: of %d verdicts %d pass and %d are known without an evaluation%n", asked, passed, excluded);
        assertTrue(passed > asked / 20 && excluded > asked / 20);
    }

    private String document() {
        StringBuilder document = new StringBuilder("<VOEvent role=" + value() + " ivorn=" + value() + ">");
        for (int i = random.nextInt(6); i > 0; i--) {
            document.append("<Group name=" + value() + "><Param name=" + value() + " value=" + value() + "/></Group><Param value=" + value() + "/>");
        }
        return document + "</VOEvent>";
    }

    private String value() {
        return "'" + pick("a", "b", "ab", "abc", "1", "2") + "'";
    }

    private String condition(int depth) {
        if (depth > 0) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    return "(" + condition(depth - 1) + " and " + condition(depth - 1) + ")";
                }
                case 1 -> {
                    return "(" + condition(depth - 1) + " or " + condition(depth - 1) + ")";
                }
                case 2 -> {
                    return "not(" + condition(depth - 1) + ")";
                }
                default -> {
                    // a condition without operators, below
                }
            }
        }
        String path = pick("//", ".//", "/VOEvent//", "Group/") + pick("Param", "Group", "*") + "[" + inner() + "]" + pick("", "[" + inner() + "]", "[1]");
        return switch (random.nextInt(7)) {
            case 0 -> "@" + pick("role", "ivorn") + pick("=", "!=") + value();
            case 1 -> "starts-with(@" + pick("role", "ivorn", "nosuch") + ", " + pick(value(), "''", "role") + ")";
            case 2 -> path + "/@value" + pick("=", "!=", ">", "<=") + pick(value(), "1", "@role", "true()");
            case 3 -> "(" + path + ")[1]/@name=" + value();
            case 4 -> "boolean(" + path + " | " + path + ")";
            default -> path;
        };
    }

    private String inner() {
        String one = "@" + pick("name", "value", "nosuch") + pick("=", "=", "=", "!=", ">") + pick(value(), value(), "1");
        return random.nextInt(3) == 0 ? one + pick(" and ", " or ") + inner() : one;
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static BrokerEvent event(String document) {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), document.getBytes(StandardCharsets.UTF_8));
    }
}
