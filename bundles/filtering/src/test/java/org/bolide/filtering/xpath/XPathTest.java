package org.bolide.filtering.xpath;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.EventParser;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The Recommendation, section by section, on a document of our own that has every kind of node. */
class XPathTest {

    static final String DOCUMENT = """
            <?xml version="1.0"?><!-- before --><?go now?>
            <v:e xmlns:v="urn:v" xmlns:x='urn:x' role="test" n="5" x:n="6"><Who id="w"><Date>2014-04-30T20:35:49</Date></Who>\
            <What><P n="a" v="1"/><P n="b" v=" 2.5 "/><G n="g"><P n="c" v="1e3"/><P n="d" v=""/><P n="a" v="-4"/></G></What>\
            <T xml:lang="en-GB">one<!-- c -->two<![CDATA[<three>]]><?go there?><b xml:id="i1">four</b><b xml:id="i2" xml:lang="">five</b></T>\
            <q xmlns="urn:q" xmlns:v="urn:w"><v:r/>🔭x</q><empty/></v:e><!-- after -->
            """.strip();

    private final XPathEngine engine = new XPathEngine(new Trees(new EventParser()::parse, new LongAdder(), new LongAdder()), false);
    private final BrokerEvent event = event(DOCUMENT);

    /** What is selected, joined by a bar. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', emptyValue = "", value = {
        // 2.2 axes, 2.3 node tests, 2.5 abbreviations
        "What/P/@n ¦ a|b", "//P/@n ¦ a|b|c|d|a", ".//G//@v ¦ 1e3||-4", "//Date/../@id ¦ w", "What/G/P[1]/following-sibling::*/@n ¦ d|a",
        "//P[@n='d']/preceding-sibling::P/@n ¦ c", "(//P[@v='-4']/preceding-sibling::P)[1]/@n ¦ c", "//P[@v='-4']/preceding-sibling::P[1]/@n ¦ d",
        "//G/preceding::*[1]/@n ¦ b", "(//G/preceding::*)[1]/@id ¦ w", "count(//Date/following::node()) ¦ 21", "//b[1]/preceding::text()[1] ¦ two<three>",
        "count(//Date/ancestor::node()) ¦ 3", "//Date/ancestor::*[1]/@id ¦ w", "local-name(//Date/ancestor-or-self::*[last()]) ¦ e",
        "count(//@n/following::P) ¦ 5", "count(//P/@n/preceding::Date) ¦ 1", "count(//@v/following-sibling::node()) ¦ 0",
        "//@id/parent::*/Date ¦ 2014-04-30T20:35:49", "//T/text() ¦ one|two<three>", "//T/comment() ¦ ~ c ~", "//processing-instruction() ¦ now|there",
        "//processing-instruction('go')[2] ¦ ", "(//processing-instruction('go'))[2] ¦ there", "name(//T/processing-instruction()) ¦ go",
        "count(/node()) ¦ 4", "/comment()[2] ¦ ~ after ~", "/* = . ¦ true", "count(//node()) ¦ 27", "count(//*) ¦ 16", "count(//@*) ¦ 19",
        "self::node()/@role ¦ test", "attribute::* ¦ test|5|6", "@x:n ¦ 6", "@x:* ¦ 6", "//q:* ¦ 🔭x", "//v:r ¦ ", "count(//w:r) ¦ 1", "//*[self::w:r] ¦ ~~",
        "descendant::P[2]/@n ¦ b", "//P[2]/@n ¦ b|d", "(//P)[2]/@n ¦ b", "//P[last()]/@n ¦ b|a", "//P[position()=last()][@v='-4']/@n ¦ a",
        "count(namespace::*) ¦ 3", "namespace::x ¦ urn:x", "count(//q:q/namespace::*) ¦ 4", "//q:q/namespace::v ¦ urn:w", "name(//q:q/namespace::*[.='urn:q']) ¦ ~~",
        "count(//namespace::*/..) ¦ 16", "(What | Who | What/P)/@* ¦ ~w|a|1|b| 2.5 ~", "count(//P | //P) ¦ 5", "(//P)[position() > 3]/@n ¦ d|a",
        "//P[1.5] ¦ ", "//P[-1] ¦ ", "//P[0 div 0] ¦ ", "//P['x'][2]/@n ¦ b|d", "//P[@v > 0][2]/@n ¦ b", "//P[2][@v > 0]/@n ¦ b",
        "//P[position() mod 2 = 1]/@n ¦ a|c|a", "//*[last()]/@n ¦ 5|g|a", "What/P[last()]/@n ¦ b",
        // 3.4 comparisons
        "//P/@v = 1 ¦ true", "//P/@v != 1 ¦ true", "//P[@n='a']/@v = 2.5 ¦ false", "//nosuch = //nosuch ¦ false", "//nosuch != 'x' ¦ false",
        "//nosuch = false() ¦ true", "//nosuch < true() ¦ true", "//P = '' ¦ true", "//P/@n = //G/P/@n ¦ true", "//Who/@id = //P/@n ¦ false",
        "//P/@n != //P/@n ¦ true", "//Who/@id != //Who/@id ¦ false", "//P/@v < //P/@v ¦ true", "//P/@v > 999 ¦ true", "//P/@v > 1000 ¦ false",
        "1000 <= //P/@v ¦ true", "-4 > //P/@v ¦ false", "//Date > '2014' ¦ false", "'a' < 'b' ¦ false", "'10' > 9 ¦ true", "3 > 2 > 1 ¦ false",
        "1 = 1 = 1 ¦ true", "true() = 'x' ¦ true", "1 = true() ¦ true", "2 > true() ¦ true", "'' = false() ¦ true", "(0 div 0) != (0 div 0) ¦ true",
        "'a' = 'a' != false() ¦ true", "@role = 'test' = false() ¦ false", "//P/@v = true() ¦ true", "//b >= //b ¦ false", "//P/@v >= //P[1]/@v ¦ true",
        // 3.5 and 4.4 numbers
        "7 mod 3 ¦ 1", "-7 mod 3 ¦ -1", "5 mod -2 ¦ 1", "1.5 mod .5 ¦ 0", "1 div 3 ¦ 0.3333333333333333", ".1 + .2 ¦ 0.30000000000000004",
        "1 div 0 ¦ Infinity", "-1 div 0 ¦ -Infinity", "0 div 0 ¦ NaN", "-0 ¦ 0", "1 div -0 ¦ -Infinity", "- - 2 ¦ 2", "--2 - -2 ¦ 4", "2 * 3 - 4 div 8 ¦ 5.5",
        "1e20 ¦ 100000000000000000000", "1e-7 ¦ 0.0000001", "123456789012 ¦ 123456789012", "substring(5e-324, 320) ¦ 0000005", "string-length(5e-324) ¦ 326",
        "2e-3 ¦ 0.002", "2e23 ¦ 200000000000000000000000", "19.5892 ¦ 19.5892", "9007199254740993 ¦ 9007199254740992", "0.1e1 ¦ 1", "100.50 ¦ 100.5",
        "number('+5') ¦ NaN", "number('-') ¦ NaN", "number('5e') ¦ NaN", "number('1e+') ¦ NaN", "number(' 5e3 ') ¦ 5000", "number('5.') ¦ 5", "number('-.5') ¦ -0.5",
        "number('.') ¦ NaN", "number('') ¦ NaN", "number('INF') ¦ NaN", "number('Infinity') ¦ NaN", "number('0x5') ¦ NaN", "number('- 5') ¦ NaN", "number('1 0') ¦ NaN",
        "number('5d') ¦ NaN", "number('5\u00A0') ¦ NaN", "number('٥') ¦ NaN", "number('1e400') ¦ Infinity", "number('123456789012345678901234567890') ¦ 123456789012345680000000000000",
        "number(true()) ¦ 1", "number(//nosuch) ¦ NaN", "number(//P[2]/@v) ¦ 2.5", "sum(//P[@v > 0]/@v) ¦ 1003.5", "sum(//P/@v) ¦ NaN", "sum(//nosuch) ¦ 0", "count(//P) ¦ 5",
        "floor(-1.5) ¦ -2", "ceiling(-1.5) ¦ -1", "1 div ceiling(-0.5) ¦ -Infinity", "round(2.5) ¦ 3", "round(-2.5) ¦ -2", "1 div round(-0.2) ¦ -Infinity", "1 div round(-0.5) ¦ -Infinity",
        "round(0.49999999999999994) ¦ 0", "round(0 div 0) ¦ NaN", "round(1e20) ¦ 100000000000000000000", "round(-0.6) ¦ -1", "number() ¦ NaN",
        // 4.2 strings
        "string(true()) ¦ true", "string(//P) ¦ ~~", "string(//nosuch) ¦ ~~", "concat('a', 1, true(), //Date) ¦ a1true2014-04-30T20:35:49", "starts-with('', '') ¦ true",
        "contains('abc', 'bc') ¦ true", "contains('abc', '') ¦ true", "substring-before('1999/04', '/') ¦ 1999", "substring-before('a', 'x') ¦ ~~", "substring-after('1999/04', '19') ¦ 99/04",
        "substring-after('a', '') ¦ a", "substring('12345', 2, 3) ¦ 234", "substring('12345', 1.5, 2.6) ¦ 234", "substring('12345', 0, 3) ¦ 12", "substring('12345', 0 div 0, 3) ¦ ~~",
        "substring('12345', 1, 0 div 0) ¦ ~~", "substring('12345', -42, 1 div 0) ¦ 12345", "substring('12345', -1 div 0, 1 div 0) ¦ ~~", "substring('12345', 2) ¦ 2345", "substring('a🔭b', 2, 1) ¦ 🔭",
        "string-length('a🔭b') ¦ 3", "string-length() ¦ 42", "normalize-space('  a  b ') ¦ a b", "normalize-space(//P[2]/@v) ¦ 2.5", "translate('bar', 'abc', 'AB') ¦ BAr", "translate('--aaa--', 'abc-', 'ABC') ¦ AAA",
        "translate('bar', 'aba', 'XYZ') ¦ YXr", "translate('a🔭b', '🔭', '-') ¦ a-b", "substring-after('a🔭b', '🔭') ¦ b", "string(//T) ¦ onetwo<three>fourfive",
        // 4.1 nodes, 4.3 booleans
        "id('i1') ¦ four", "id('nosuch i2 i1') ¦ four|five", "id(//nosuch) ¦ ", "count(id('i1 i1')) ¦ 1", "local-name(id('i2')) ¦ b", "name() ¦ v:e", "local-name() ¦ e", "namespace-uri() ¦ urn:v", "name(@x:n) ¦ x:n",
        "name(//w:r) ¦ v:r", "namespace-uri(//q:q) ¦ urn:q", "local-name(//nosuch) ¦ ~~", "local-name(/) ¦ ~~", "position() ¦ 1", "last() ¦ 1", "lang('en') ¦ false", "//*[lang('en')] ¦ onetwo<three>fourfive|four",
        "//text()[lang('EN-gb')] ¦ one|two<three>|four", "//b[lang('')] ¦ five", "boolean(//P) ¦ true", "boolean('false') ¦ true", "boolean(0 div 0) ¦ false", "not(//nosuch) ¦ true", "boolean(-0) ¦ false",
        "true() and //nosuch ¦ false", "false() or 'x' ¦ true", "string(/) = string(.) ¦ true", "count(/) ¦ 1", "count(..) ¦ 1", "count(../..) ¦ 0", "boolean(/..) ¦ false", "/.. ¦ ",
    })
    void shouldSelect(String expression, String expected) throws Exception {
        assertEquals(expected == null ? "" : expected, String.join("|", xpath(expression).values(event)), expression);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', value = {"/, true", "'0', true", "' ', true", "'', false", "0, false", "-0, false", "0 div 0, false", "-1, true",
        "//empty, true", "//nosuch, false", "1 = 1, true", "/.., false", "sum(//nosuch), false"})
    void shouldPass(String expression, boolean passes) throws Exception {
        assertEquals(passes, xpath(expression).passes(event));
    }

    @Test
    void shouldSplitTextAtCommentsAndInstructionsAndNowhereElse() throws Exception {
        BrokerEvent mixed = event("<a>1&amp;2<![CDATA[3]]><![CDATA[]]>4<!---->5<?p?>6<b/>7&#x1F52D;" + "x".repeat(20_000) + "</a>");
        assertEquals(List.of("1&234", "5", "6", "7🔭" + "x".repeat(20_000)), xpath("text()").values(mixed));
        assertEquals(List.of("1"), xpath("count(//text()[1])").values(mixed));
    }

    @Test
    void shouldNameEachNodeAsItIsWritten() throws Exception {
        BrokerEvent prefixes = event("<a:x xmlns:a='urn:1' xmlns:b='urn:1'><b:x a:y='1'/><x xmlns='urn:1' b:y='2'/></a:x>");
        assertEquals(List.of("a:x b:x x a:y b:y"), xpath("concat(name(), ' ', name(*[1]), ' ', name(*[2]), ' ', name(*[1]/@*),"
                + " ' ', name(*[2]/@*))").values(prefixes));
        assertEquals(List.of("true"), xpath("count(//*[local-name() = 'x' and namespace-uri() = 'urn:1']) = 3").values(prefixes));
    }

    @Test
    void shouldBeOneForManyThreads() throws Exception {
        XPath xpath = xpath("count(//P[@v > 0][position() = last()]/ancestor::*) + sum(//P[@v]/@v[. > 0])");
        List<BrokerEvent> events = IntStream.range(0, 50).<BrokerEvent>mapToObj(i -> event(DOCUMENT.replace("1e3", "" + i))).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<String>> asks = IntStream.range(0, 2000).<Callable<String>>mapToObj(
                    i -> () -> xpath.values(events.get(i % 50)).get(0)).toList();
            List<Future<String>> values = threads.invokeAll(asks);
            for (int i = 0; i < values.size(); i++) {
                assertEquals(xpath.values(event(DOCUMENT.replace("1e3", "" + i % 50))), List.of(values.get(i).get()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private XPath xpath(String expression) throws FilterSyntaxException {
        return engine.compile(expression, Map.of("x", "urn:x", "q", "urn:q", "v", "urn:v", "w", "urn:w"));
    }

    private static BrokerEvent event(String document) {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), document.getBytes(StandardCharsets.UTF_8));
    }
}
