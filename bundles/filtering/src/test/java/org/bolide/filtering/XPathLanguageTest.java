package org.bolide.filtering;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.EventHeader;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.SkyPosition;
import org.bolide.api.Vocabulary;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class XPathLanguageTest {

    private final FilterRegistry registry = new FilterRegistry();
    private final XPathLanguage language = new XPathLanguage(registry);
    private final BrokerEvent swift = event(SampleEvents.swift());

    @ParameterizedTest
    @ValueSource(strings = {
        "//Who/Author[shortName=\"VO-GCN\"]",
        "//How[contains(Description, \"Swift\")]",
        "//Param[@name=\"Sun_Distance\" and @value>40]",
        "/*[local-name()=\"VOEvent\" and @role!=\"test\"]",
        "@role = 'observation'",
        "Who/Date",
        "//Param/@value != 5",
        "//nosuch = false()",
        "number(//Param[@name='False_Alarm']/@value) < 1",
        "count(//Param) mod 2 = 1 or count(//Param) mod 2 = 0",
        "//C1",
        "//Description[last()][. = '\n  ']",
        "//Reference/@type",
        "-1", "'false'", "' '", "/", "..", "position() = 1 and last() = 1",
        "string(//Name1)", "comment() or true()", "12345678901234567890 > 1",
    })
    void shouldPassWhatIsTrue(String filter) throws Exception {
        assertTrue(language.compile(filter, Map.of()).matches(swift), filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "//nosuch", "0", "-0", "0 div 0", "number(//nosuch)", "''", "string(//nosuch)", "false()", "/What", "What//Who",
        "//VOEvent", "@role = 'test'", "//Who/Date > '2014-01-01'", "'abc' < 'abd'", "sum(//Param/@value)",
        "//nosuch[number('x')]", "3 > 2 > 1",
    })
    void shouldNotPassWhatIsNot(String filter) throws Exception {
        assertFalse(language.compile(filter, Map.of()).matches(swift), filter);
    }

    @Test
    void shouldReadTheAuthorOfTheDemo() throws Exception {
        EventExpression filter = language.compile("//Who/Author[contactName=\"KSK\"]", Map.of());
        assertTrue(filter.matches(event(SampleEvents.event("ivo://a.example/b#1").contactName("KSK").bytes())));
        assertFalse(filter.matches(event(SampleEvents.event("ivo://a.example/b#2").contactName("ksk").bytes())));
    }

    @Test
    void shouldKnowThePrefixesThatAreGiven() throws Exception {
        Map<String, String> stc = Map.of("stc", "http://www.ivoa.net/xml/STC/stc-v1.30.xsd");
        assertTrue(language.compile("//stc:C1 > 180", stc).matches(event(SampleEvents.integral())));
        assertFalse(language.compile("//C1", Map.of()).matches(event(SampleEvents.integral())));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "doc('file:///etc/passwd')", "document('file:///etc/passwd')", "doc-available('file:///etc/passwd')",
        "unparsed-text('file:///etc/passwd')", "unparsed-text-lines('file:///etc/passwd')", "json-doc('file:///etc/passwd')",
        "collection('file:///etc')", "uri-collection('file:///etc')", "environment-variable('PATH')",
        "available-environment-variables()", "parse-xml('<a/>')", "parse-xml-fragment('<a/>')", "transform(1)",
        "function-lookup('doc', 1)", "system-property('java.home')", "static-base-uri()", "default-collation()",
        "current-dateTime()", "trace(1, 'x')", "error()", "load-xquery-module('x')", "apply('x', 1)", "random-number-generator()",
    })
    void shouldShutEveryFunctionThatReachesOutside(String filter) {
        assertThrows(FilterSyntaxException.class, () -> language.compile(filter, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x:getRuntime()", "x:exit(1)", "x:doc('file:///etc/passwd')", "x:system-id()"})
    void shouldShutFunctionsOfOtherNamespaces(String filter) {
        for (String namespace : List.of("java:java.lang.Runtime", "java:java.lang.System", "http://www.w3.org/2005/xpath-functions", "http://saxon.sf.net/")) {
            assertThrows(FilterSyntaxException.class, () -> language.compile(filter, Map.of("x", namespace)));
        }
    }

    @Test
    void shouldShareOneFilterAmongAllWhoHoldIt() throws Exception {
        EventExpression filter = language.compile("//a", Map.of());
        assertSame(filter, language.compile("//a", Map.of()));
        assertNotSame(filter, language.compile(" //a", Map.of()));
        assertNotSame(filter, language.compile("//a", Map.of("p", "urn:x")));
        assertEquals(3L, registry.counters().get("filter.compiled"));
        assertEquals("//a", filter.text());
    }

    @Test
    void shouldForgetAFilterThatNobodyHolds() throws Exception {
        WeakReference<EventExpression> gone = new WeakReference<>(language.compile("//forgotten", Map.of()));
        await().atMost(10, SECONDS).until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    @Test
    void shouldReadAnEventAndEvaluateAFilterOnce() throws Exception {
        EventExpression filter = language.compile("//Param", Map.of());
        EventExpression other = language.compile("//Group", Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> asks = IntStream.range(0, 200).<Callable<Boolean>>mapToObj(
                    i -> () -> (i % 2 == 0 ? filter : other).matches(swift)).toList();
            for (Future<Boolean> passes : threads.invokeAll(asks)) {
                assertTrue(passes.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(2L, registry.counters().get("filter.verdicts"));
        assertEquals(1L, registry.counters().get("filter.trees"));
    }

    @Test
    void shouldEndCountAndTellOfAFilterThatCostsTooMuch() throws Exception {
        EventExpression costly = language.compile("//*[//*[//*[//*[. = 'no such text']]]]", Map.of());
        assertFalse(costly.matches(swift));
        assertTrue(costly.overran());
        assertEquals(List.of(), costly.select(swift));
        assertEquals(2L, registry.counters().get("filter.verdicts.overran"));
        assertTrue(costly.explain(swift).result().startsWith("costs too much: ended after"), costly.explain(swift).toString());
    }

    @Test
    void shouldLetNaNPassOnlyIfTold() throws Exception {
        XPathLanguage comet = new XPathLanguage(registry, List.of(), config(true));
        for (String filter : List.of("number(//nosuch)", "0 div 0", "sum(//Param/@name)", "-//nosuch")) {
            assertFalse(language.compile(filter, Map.of()).matches(swift), filter);
            assertTrue(comet.compile(filter, Map.of()).matches(swift), filter);
        }
        assertFalse(comet.compile("boolean(number(//nosuch))", Map.of()).matches(swift));
        assertFalse(comet.compile("0", Map.of()).matches(swift));
    }

    @Test
    void shouldKnowThePrefixesOfVocabulariesAndReserveThatOfTheSky() throws Exception {
        Map<String, Object> properties = Map.of(Vocabulary.PREFIXES, new String[] {"v=http://www.ivoa.net/xml/VOEvent/v2.0", "sky=urn:x"});
        XPathLanguage known = new XPathLanguage(registry, List.of(Map.entry(properties, content -> null)), config(false));
        assertTrue(known.compile("/v:VOEvent", Map.of()).matches(swift));
        assertTrue(known.compile("sky:age() > -1 or true()", Map.of("sky", "urn:x")).matches(swift));
        assertThrows(FilterSyntaxException.class, () -> language.compile("/v:VOEvent", Map.of()));
    }

    @Test
    void shouldCallTheFunctionsOfTheSky() throws Exception {
        EventHeader header = new EventHeader(new QName("VOEvent"), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.of(new SkyPosition(10, 20, OptionalDouble.empty(), "")), List.of());
        BrokerEvent event = TestEvent.of(1, header, SampleEvents.swift());
        for (String filter : List.of("sky:ra() = 10", "sky:in-cone(10, 20.5, '1')", "sky:separation(10, 21) < 1.1 and sky:dec() mod 2 = 0",
                "not(sky:in-cone(10, 22, //nosuch))", "//Param[sky:ra() > 9]", "sky:iso(56777) = '2014-04-30T00:00:00.000'", "sky:dec()")) {
            assertTrue(language.compile(filter, Map.of()).matches(event), filter);
        }
        FilterSyntaxException unknown = assertThrows(FilterSyntaxException.class, () -> language.compile("1 + sky:area()", Map.of()));
        assertEquals(4, unknown.offset());
        assertTrue(unknown.getMessage().contains("sky:area() is not a sky function; there are ra, dec"), unknown.getMessage());
        FilterSyntaxException wrong = assertThrows(FilterSyntaxException.class, () -> language.compile("sky:in-cone(10, 100, 1)", Map.of()));
        assertEquals(16, wrong.offset());
        assertTrue(wrong.getMessage().contains("must be degrees from -90 to 90"), wrong.getMessage());
    }

    @Test
    void shouldMatchNothingInWhatIsNoDocument() throws Exception {
        EventExpression filter = language.compile("true()", Map.of());
        for (String document : List.of("", "hello", "<a>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")) {
            assertFalse(filter.matches(event(document.getBytes(StandardCharsets.UTF_8))));
        }
        assertEquals(4L, registry.counters().get("filter.trees.failed"));
        assertTrue(filter.matches(swift));
    }

    @Test
    void shouldCountWhatItRefuses() {
        assertThrows(FilterSyntaxException.class, () -> language.compile("//a[", Map.of()));
        assertEquals(1L, registry.counters().get("filter.refused"));
    }

    private static XPathLanguage.Config config(boolean nanPasses) {
        return new XPathLanguage.Config() {
            @Override
            public boolean nanPasses() {
                return nanPasses;
            }

            @Override
            public Class<XPathLanguage.Config> annotationType() {
                return XPathLanguage.Config.class;
            }
        };
    }

    private static BrokerEvent event(byte[] content) {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), content);
    }
}
