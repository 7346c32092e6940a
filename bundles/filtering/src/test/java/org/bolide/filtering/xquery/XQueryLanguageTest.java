package org.bolide.filtering.xquery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.Vocabulary;
import org.bolide.filtering.Filter;
import org.bolide.filtering.Filter.Verdict;
import org.bolide.filtering.FilterRegistry;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class XQueryLanguageTest {

    private static final String VOE = "http://www.ivoa.net/xml/VOEvent/v2.0";

    private final FilterRegistry registry = new FilterRegistry();
    private final XQueryLanguage language = new XQueryLanguage(registry, Map.of());
    private final BrokerEvent swift = event(SampleEvents.swift());

    @ParameterizedTest
    @ValueSource(strings = {
        ".", "/", "/*", "/voe:VOEvent", "/voe:VOEvent/@role = 'observation'", "true()", "1", "-1", "'0'", "'false'",
        "xs:untypedAtomic('0')", "//Param[@name = 'Sun_Distance']/@value > 40", "count(//Param) > 5", "(//Param)[1]",
        "//Param[last()]", "//Group/Param[position() = 2]", "//Who/Author/shortName = 'VO-GCN'", "(//Param, 'x')", "//Param[1] | //nosuch",
        "some $p in //Param satisfies $p/@name = 'Packet_Type'", "every $p in //Param satisfies exists($p/@name)",
        "for $p in //Param where $p/@name = 'Packet_Type' return $p", "let $e := /*, $r := $e/@role return $r != 'test'",
        "for $p in //Param order by $p/@name descending return $p", "for $p at $i in //Param where $i = 3 return $p",
        "for $p in //Param group by $u := string($p/@unit) count $c where $c = 2 return true()",
        "for $x allowing empty in () return true()", "if (//nosuch) then false() else true()",
        "switch (string(/*/@role)) case 'test' return false() case 'observation' return true() default return false()",
        "typeswitch (/*) case element(voe:VOEvent) return true() default return false()",
        "try { xs:integer('x') } catch err:FORG0001 { true() }", "try { error(xs:QName('err:X'), 'y') } catch * { $err:description = 'y' }",
        "declare variable $limit := 40; //Param[@name = 'Sun_Distance'][@value > $limit]",
        "declare variable $all := //Param; declare variable $n := count($all); $n > 3",
        "declare function local:f() { sky:ra#0 }; local:f()() = sky:ra() or true()", "declare function local:a() { local:b#0 };"
                + " declare function local:b() { 1 }; local:a()()",
        "declare function local:value($e, $n as xs:string) as xs:double { $e//Param[@name = $n]/@value/number() };"
                + " local:value(., 'Sun_Distance') > 40",
        "declare function local:f($n as xs:integer) as xs:integer { if ($n le 1) then 1 else $n * local:f($n - 1) };"
                + " local:f(20) = 2432902008176640000",
        "declare function local:even($n) { $n = 0 or local:odd($n - 1) };"
                + " declare function local:odd($n) { $n != 0 and local:even($n - 1) }; local:even(10)",
        "declare default element namespace 'http://www.ivoa.net/xml/VOEvent/v2.0'; /VOEvent",
        "declare namespace v = 'http://www.ivoa.net/xml/VOEvent/v2.0'; v:VOEvent", "/Q{http://www.ivoa.net/xml/VOEvent/v2.0}VOEvent",
        "xquery version '3.1'; true()", "unordered { //Who }", "map { 'a': 1 }?a", "map:merge((map { 1: 2 }, map { 3: 4 }))?3 = 4",
        "[1, 2, 3]?2 = 2", "array { 1 to 3 }(2) = 2", "map { 'a': [1, 2] }?a?* = 2", "array:flatten([1, [2, 3]]) = 3",
        "let $f := function($x) { $x + 1 } return $f(2) = 3", "let $n := 2, $f := function($x) { $x + $n } return $f(2) = 4",
        "let $f := upper-case#1 return $f('a') = 'A'", "//Who ! upper-case#1(name()) = 'WHO'", "('a', 'b') => string-join('-') = 'a-b'",
        "let $f := concat('a', ?) return $f('b') = 'ab'", "for-each(1 to 3, function($x) { $x * 2 }) = 6",
        "fold-left(1 to 100, (), function($a, $b) { ($a, $b) })[last()] = 100", "fold-left(1 to 10, 0, function($a, $b) { $a + $b }) = 55",
        "sort((3, 1, 2))[1] = 1", "sort(('bb', 'a'), (), string-length#1)[1] = 'a'", "xs:double#1('3') = 3",
        "declare function local:g($x) { $x }; let $f := local:g#1 return $f(1)",
        "matches(//AuthorIVORN, '^ivo://.*$')", "replace('abc', 'b', 'x') = 'axc'", "tokenize('a b c') = 'c'", "tokenize('a,b', ',') = 'b'",
        "matches('A', 'a', 'i')", "let $r := 'a+' return matches('aa', $r)", "contains(string(/), 'Swift')", "starts-with(/*/@ivorn, 'ivo')",
        "distinct-values((1, 1, 2))[2] = 2", "deep-equal(/, /)", "round(3.456, 2) = 3.46", "math:sqrt(4) = 2", "5e3 = 5000", "-5 < 0",
        "'a' || 'b' = 'ab'", "1 to 3 = 2", "//Who is //Who", "//Who << //What", "//Param except //nosuch", "//* intersect //Who",
        "xs:dateTime('2020-01-01T00:00:00') = xs:dateTime('2020-01-01T00:00:00Z')", "implicit-timezone() = xs:dayTimeDuration('PT0S')",
        "//Who/Date cast as xs:dateTime > xs:dateTime('2000-01-01T00:00:00')", "//Param/@value[. castable as xs:double]",
        "5 instance of xs:integer", "(5 treat as xs:integer) = 5", "``[a`{1}`]`` = 'a1'", "sky:mjd('2014-04-29') = 56776",
        "exists(//Param[@name = 'Packet_Type' or @name = 'x'][not(../nosuch)])", "(: a (: comment :) :) 1", "head(//Param) is (//Param)[1]",
        "default-collation() = 'http://www.w3.org/2005/xpath-functions/collation/codepoint'", "path-not-called or true()"})
    void shouldPassWhatIsTrue(String query) throws Exception {
        assertEquals(Verdict.PASSED, verdict(query), query);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "()", "false()", "0", "-0e0", "0.0", "number('x')", "''", "xs:untypedAtomic('')", "//nosuch", "//VOEvent", "VOEvent", "string(//nosuch)",
        "/voe:VOEvent/@role = 'test'", "//nosuch or //other", "//Param/@name = 'nosuch'", "sky:ra() = -1", "current",
        "for $p in //Param where $p/@name = 'nosuch' return $p", "every $p in //Param satisfies $p/@name = 'x'"})
    void shouldNotPassWhatIsFalse(String query) throws Exception {
        assertEquals(Verdict.NOT_PASSED, verdict(query), query);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "(1, 2)", "('a', 'b')", "1 to 3", "('a', //Param)", "map { }", "[1]", "upper-case#1", "xs:date('2020-01-01')", "error()",
        "xs:integer(string(//shortName))", "//Param + 1", "//shortName > 1", "1 div 0", "1 idiv 0", "exactly-one(//Param)",
        "(//Param, 1) eq 1", "compare('a', 'b', 'urn:x')", "let $r := '(' return matches('a', $r)"})
    void shouldNotPassWhatIsAnError(String query) throws Exception {
        assertEquals(Verdict.FAILED, verdict(query), query);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            //foo:bar                       | 2  | the prefix "foo" is not known; write declare namespace foo
            let $e = 1 return $e            | 7  | expected ":=", found "="
            $x + 1                          | 0  | the variable $x is not known here
            1 + upper('x')                  | 4  | there is no function upper() with 1 argument
            1 + doc('x')                    | 4  | doc() is not for filters: they read nothing but the event
            1 + current-dateTime()          | 4  | what they say of an event never changes
            1 + local:f(2)                  | 4  | there is no function f() with 1 argument
            <a/>                            | 0  | filters make no elements
            sky:ra(1)                       | 0  | sky:ra() does not take 1 argument; write sky:ra()
            sky:dec() > sky:nosuch()        | 12 | sky:nosuch() is not a sky function
            sky:in-cone(266, -95, 5)        | 18 | must be degrees from -90 to 90
            matches('a', '(')               | 8  | Missing close paren
            matches('a', 'b', 'j')          | 8  | the flags of a regular expression
            //Param[                        | 8  | the filter ends too early
            xs:date('x' 'y')                | 12 | expected
            (1, 2) eq 1                     | 1  | more than one
            declare function local:f() { //Param }; local:f() | 29 | write local:f(.)
            1 instance of Q{http://saxon.sf.net/java-type}java.lang.Runtime | 14 | there is no type
            """)
    void shouldSayWhatIsWrongAndWhere(String query, int offset, String message) {
        FilterSyntaxException e = assertThrows(FilterSyntaxException.class, () -> language.compile(query, Map.of()));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(offset, e.offset(), e.getMessage());
    }

    @Test
    void shouldFindThePlaceInOneOfManyLines() {
        FilterSyntaxException e = assertThrows(FilterSyntaxException.class,
                () -> language.compile("let $a := 1\nlet $b := 2\nreturn doc('x')", Map.of()));
        assertEquals(31, e.offset());
    }

    @Test
    void shouldKnowThePrefixesOfVocabulariesAndThoseThatAreGiven() throws Exception {
        Vocabulary vocabulary = content -> {
            throw new AssertionError();
        };
        XQueryLanguage other = new XQueryLanguage(registry,
                List.of(Map.entry(Map.of(Vocabulary.PREFIXES, new String[] {"v=" + VOE, "sky=urn:x"}), vocabulary)));
        assertTrue(other.compile("/v:VOEvent and /voe:VOEvent and sky:iso(60000)", Map.of()).matches(swift));
        assertTrue(other.compile("/w:VOEvent", Map.of("w", VOE)).matches(swift));
        // What is declared in the query goes first.
        assertEquals(Verdict.NOT_PASSED, ((Filter) other.compile("declare namespace v = 'urn:x'; /v:VOEvent", Map.of())).verdict(swift));
    }

    @Test
    void shouldShareOneFilterAmongAllWhoUseTheSameText() throws Exception {
        EventExpression filter = language.compile("//Param", Map.of());
        assertSame(filter, language.compile("//Param", Map.of()));
        assertNotSame(filter, language.compile("//Param", Map.of("x", "urn:x")));
    }

    @Test
    void shouldCountTimesWithoutAZoneInUtcWhereverItRuns() throws Exception {
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            assertEquals(Verdict.PASSED, verdict("xs:dateTime('2020-01-01T12:00:00') = xs:dateTime('2020-01-01T12:00:00Z')"));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void shouldSelectTheTextOfEachItem() throws Exception {
        BrokerEvent event = event("<a><b x='1'>one</b><b x='2'>two</b></a>".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("one", "two"), language.compile("//b", Map.of()).select(event));
        assertEquals(List.of("2", "1"), language.compile("for $b in //b order by $b/@x descending return $b/@x", Map.of()).select(event));
        assertEquals(List.of("3"), language.compile("sum(//@x)", Map.of()).select(event));
        assertEquals(List.of(), language.compile("//c", Map.of()).select(event));
        assertEquals(List.of(), language.compile("sum(1 to 1000000000)", Map.of()).select(event));
    }

    @Test
    void shouldExplainAnOrByItsOperands() throws Exception {
        BrokerEvent event = event("<a><b x='1'>one</b><b x='2'>two</b></a>".getBytes(StandardCharsets.UTF_8));
        Explanation explanation = language.compile(
                "declare variable $n := 5; //b/@x > $n or (//c and //b) or sum(1 to 1000000000) = 1", Map.of()).explain(event);
        assertTrue(explanation.result().startsWith("ended: it takes more than"), explanation.result());
        assertEquals(List.of("//b/@x > $n", "(//c and //b)", "sum(1 to 1000000000) = 1"),
                explanation.parts().stream().map(Explanation::expression).toList());
        assertEquals(List.of("false", "false"), explanation.parts().stream().map(Explanation::result).limit(2).toList());
    }

    @Test
    void shouldExplainByTheValue() throws Exception {
        BrokerEvent event = event("<a><b x='1'>one</b><b x='2'>two</b></a>".getBytes(StandardCharsets.UTF_8));
        for (String[] each : new String[][] {{"//b", "2 nodes: one, two"}, {"//b[1]", "1 node: one"}, {"//c", "nothing"}, {"1 + 1", "2"},
            {"(1, 'a')", "2 items: 1, a"}, {"1 to 9", "9 items: 1, 2, 3, 4, 5, …"}}) {
            Explanation explanation = language.compile(each[0], Map.of()).explain(event);
            assertEquals(each[1], explanation.result());
            assertEquals(List.of(), explanation.parts());
        }
        assertTrue(language.compile("//b + 1", Map.of()).explain(event).result().startsWith("error: "));
        assertEquals(2, language.compile("let $x := 1 return 2 or 3", Map.of()).explain(event).parts().size() + 2);
    }

    @Test
    void shouldGiveEachOfManyThreadsItsOwnAnswer() throws Exception {
        List<BrokerEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(event(("<a><p n='x' v='" + i + "'/><p n='y' v='" + (i % 7) + "'/></a>").getBytes(StandardCharsets.UTF_8)));
        }
        EventExpression filter = language.compile(
                "declare variable $y := //p[@n = 'y']/@v/number(); declare function local:half($n) { if ($n < 2) then $n else local:half($n - 2) };"
                        + " let $x := //p[@n = 'x']/@v/xs:integer(.), $f := function($a) { $a + $y }"
                        + " return local:half($x mod 10) = 1 and sort(($x, $f($x)))[1] = $x and matches(string($x), '[0-9]+') and $y < 5", Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int first = t * 31;
                tasks.add(() -> {
                    int wrong = 0;
                    for (int round = 0; round < 10; round++) {
                        for (int i = 0; i < events.size(); i++) {
                            int n = (first + i) % events.size();
                            // Anew each time: else the verdict would be remembered.
                            BrokerEvent event = event(events.get(n).content());
                            wrong += filter.matches(event) == (n % 2 == 1 && n % 7 < 5) ? 0 : 1;
                        }
                    }
                    return wrong;
                });
            }
            for (Future<Integer> wrong : threads.invokeAll(tasks)) {
                assertEquals(0, wrong.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void shouldMatchNothingThatIsNoXml() throws Exception {
        EventExpression filter = language.compile("true()", Map.of());
        assertEquals(false, filter.matches(event("<a>".getBytes(StandardCharsets.UTF_8))));
        assertEquals(false, filter.matches(event("<!DOCTYPE a><a/>".getBytes(StandardCharsets.UTF_8))));
        assertEquals("error: the event cannot be read", filter.explain(event(new byte[0])).result());
        assertEquals(List.of(), filter.select(event(new byte[0])));
    }

    @Test
    void shouldTakeSomeKilobytesForAQueryThatWaits() throws Exception {
        int queries = 500;
        List<EventExpression> kept = new ArrayList<>();
        language.compile("//Param", Map.of()).matches(swift);
        long before = used();
        for (int i = 0; i < queries; i++) {
            EventExpression filter = language.compile("//Param[@name = 'P" + i + "' and @value > " + i + "]", Map.of());
            filter.matches(event(SampleEvents.test()));
            kept.add(filter);
        }
        long each = (used() - before) / kept.size();
        System.out.println("memory of a compiled query: " + each + " bytes");
        assertTrue(each < 40_000, () -> each + " bytes");
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void shouldLetFourHundredComparisonsThrough() throws Exception {
        StringBuilder query = new StringBuilder("/*/@role = 'x'");
        for (int i = 0; i < 380; i++) {
            query.append(" or /*/@role = '").append(i).append('\'');
        }
        assertEquals(Verdict.NOT_PASSED, verdict(query.toString()));
        assertEquals(Verdict.PASSED, verdict(query.append(" or true()").toString()));
    }

    private Verdict verdict(String query) throws FilterSyntaxException {
        return ((Filter) language.compile(query, Map.of())).verdict(swift);
    }

    private static BrokerEvent event(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return event(bytes);
    }

    private static BrokerEvent event(byte[] content) {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), content);
    }
}
