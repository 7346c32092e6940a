package org.bolide.filtering.xpath;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Explanation;
import org.bolide.filtering.EventParser;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExplainerTest {

    private static final String DOCUMENT = "<e role='test'><P n='Sun' v='12.5' u='deg'/><P n='Moon' v='90'/><G><P n='Sun' v='50'/></G>"
            + "<Who><Name>A  B</Name></Who><!-- c --></e>";

    private final Trees trees = new Trees(new EventParser()::parse, new LongAdder(), new LongAdder());

    @Test
    void shouldTellWhatEachPartGave() throws Exception {
        assertEquals("""
                //P[@n='Sun' and @v > 60] or @role = 'prediction' = false() | true
                  //P[@n='Sun' and @v > 60] | 0 nodes
                    @n='Sun' and @v > 60 | true for 0 of 3
                      @n='Sun' | true for 2 of 3
                        @n | there for 3 of 3
                      @v > 60 | true for 0 of 2
                        @v | there for 2 of 2
                  @role = 'prediction' = false() | true
                    @role = 'prediction' | false
                      @role | 1 node: role="test"
                """, explained("//P[@n='Sun' and @v > 60] or @role = 'prediction' = false()"));
    }

    @Test
    void shouldTellWhereAPathEnds() throws Exception {
        assertEquals("""
                Who/Name[. = 'A B']/x | 0 nodes
                  Who | 1 node: <Who>
                  Name[. = 'A B'] | 0 nodes
                    . = 'A B' | false
                """, explained("Who/Name[. = 'A B']/x"));
        assertEquals("""
                (//P)[2][@v > 0]/@n | 1 node: n="Moon"
                  (//P)[2][@v > 0] | 1 node: <P n="Moon" v="90">
                    //P | 3 nodes: <P n="Sun" v="12.5" u="deg">, <P n="Moon" v="90">, <P n="Sun" v="50">
                    @v > 0 | true
                      @v | 1 node: v="90"
                """, explained("(//P)[2][@v > 0]/@n"));
    }

    @Test
    void shouldShowEachKindOfValue() throws Exception {
        assertEquals("//comment() | 1 node: <!--c-->\n", explained("//comment()"));
        assertEquals("Who/* | 1 node: <Name>A B</Name>\n", explained("Who/*").lines().findFirst().get() + "\n");
        assertEquals("number(//nosuch) | NaN, which does not pass\n  //nosuch | 0 nodes\n", explained("number(//nosuch)"));
        assertEquals("concat(@role, ' ', 1 + 1) | \"test 2\"\n  @role | 1 node: role=\"test\"\n", explained("concat(@role, ' ', 1 + 1)"));
        assertEquals("/ | 1 node: the document\n", explained("/"));
        assertEquals("the event cannot be read", explanation("true()", "<a").result());
    }

    @Test
    void shouldStayShortAndEndInTime() throws Exception {
        Explanation many = explanation("1" + "+//P[@v]".repeat(400), DOCUMENT);
        assertTrue(size(many) <= 101, "" + size(many));
        Explanation costly = explanation("//P[//*[//*[//*[//*[. = 'x']]]]] or @role", "<e role='t'>" + "<P><P/></P>".repeat(500) + "</e>");
        assertEquals("costs too much: ended after 1020060 steps", costly.result().replaceAll("\\d+", "1020060"));
        assertTrue(explanation("string(.)", "<e>" + "🔭".repeat(10_000) + "</e>").result().length() < 250);
    }

    private static int size(Explanation explanation) {
        return 1 + explanation.parts().stream().mapToInt(ExplainerTest::size).sum();
    }

    private String explained(String filter) throws Exception {
        return indented(explanation(filter, DOCUMENT), "");
    }

    private static String indented(Explanation explanation, String indent) {
        StringBuilder all = new StringBuilder(indent + explanation.expression() + " | " + explanation.result() + "\n");
        explanation.parts().forEach(part -> all.append(indented(part, indent + "  ")));
        return all.toString();
    }

    private Explanation explanation(String filter, String document) throws Exception {
        BrokerEvent event = TestEvent.of(1, TestEvent.header(Optional.empty()), document.getBytes(StandardCharsets.UTF_8));
        return new XPathEngine(trees, false).compile(filter, Map.of()).explain(event);
    }
}
