package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.bolide.api.FilterSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ParserTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "//Who/Author[contactName=\"KSK\"]", "@role!='test'", "@role=\"test\"or@role=\"x\"", "2div 2", "* * *", "and and and",
        "div div div mod mod", "What-1", "What -1", "@value < 1e-6", ".5 + 5. + 1.5E+3", "/", "/ = 'x'", "/and",
        "child :: p [ last() ]", "..//processing-instruction ('x')", "1 = 1 = 1", "3 > 2 > 1", "a < b = c", "---1", "- - //x",
        "@xml:lang", "voe:VOEvent/@voe:*", "(//a | id('x'))[1]/b", "processing-instruction()/self::node()", "text = comment",
    })
    void shouldTakeWhatIsXPath10(String filter) throws Exception {
        assertNotNull(parse(filter, Map.of("voe", "urn:voe")));
    }

    @Test
    void shouldTellWhereEachPartStands() throws Exception {
        List<String> parts = new ArrayList<>();
        String filter = "//a[ @b = 1+1 ]/c | (d)[2]";
        Parser.parse(filter, Map.of(), (part, start, end) -> parts.add(filter.substring(start, end)));
        assertEquals(List.of("@b", "@b", "1", "1", "1+1", "@b = 1+1", "//a[ @b = 1+1 ]", "c", "//a[ @b = 1+1 ]/c", "d", "d", "2",
                "(d)[2]", filter), parts);
    }

    /** Right in later versions of XPath or in libxml2, or what people get wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '~', value = {
        "//Param[matches(@name, 'x')]     ¦ \"matches\" is not a function of XPath 1.0 ¦ 8",
        "true() or foo()                  ¦ \"foo\" is not a function ¦ 10",
        "fn:doc('x')                      ¦ \"fn:doc\" is not a function ¦ 0",
        "voe:VOEvent                      ¦ write *[local-name()=\"VOEvent\"] instead of voe:VOEvent ¦ 0",
        "/*/@voe:role                     ¦ write @*[local-name()=\"role\"] instead of @voe:role ¦ 4",
        "//voe:*                          ¦ write * instead of voe:* ¦ 2",
        "$x = 1                           ¦ the variable $x is not known ¦ 0",
        "//a/(b|c)                        ¦ ( cannot follow / ¦ 4",
        ".[@role='test']                  ¦ write self::node()[…] ¦ 1",
        "..[x]                            ¦ write parent::node()[…] ¦ 2",
        "if (a) then b else c             ¦ \"then\" stands where an operator is expected ¦ 7",
        "for $x in //a return $x          ¦ stands where an operator is expected ¦ 7",
        "+1                               ¦ is expected, not + ¦ 0",
        "1 to 3                           ¦ \"to\" stands where ¦ 2",
        "1and1                            ¦ \"and1\" stands where ¦ 1",
        "5e                               ¦ \"e\" stands where ¦ 1",
        "\"a\"\"b\"                       ¦ an operator or the end is expected ¦ 3",
        "//*:Param                        ¦ the character : is not XPath ¦ 3",
        "(: c :) 1                        ¦ the character : is not XPath ¦ 1",
        "///Param                         ¦ is expected, not / ¦ 2",
        "//                               ¦ is expected, not the end ¦ 2",
        "//a[                             ¦ is expected, not the end ¦ 4",
        "//a[1))                          ¦ ] is expected, not ) ¦ 5",
        "//a[1]]                          ¦ the end is expected, not ] ¦ 6",
        "(//a                             ¦ ) is expected, not the end ¦ 4",
        "'abc                             ¦ has no end ¦ 0",
        "a ! b                            ¦ ! stands alone ¦ 2",
        "foo::a                           ¦ \"foo\" is not an axis ¦ 0",
        "count(1)                         ¦ the argument of count() must be a set of nodes ¦ 6",
        "substring('a')                   ¦ substring() takes 2 to 3 arguments, not 1 ¦ 0",
        "true(1)                          ¦ true() takes no arguments, not 1 ¦ 0",
        "concat('a')                      ¦ concat() takes 2 arguments or more, not 1 ¦ 0",
        "'a' | //b                        ¦ only a set of nodes goes with | ¦ 0",
        "//b | 1                          ¦ only a set of nodes goes with | ¦ 6",
        "'a'/b                            ¦ only a set of nodes goes with / ¦ 0",
        "(1)[1]                           ¦ only a set of nodes goes with [ ¦ 0",
        "text('x')                        ¦ ) is expected ¦ 5",
        "sky:nothing()                    ¦ \"sky:nothing\" is not a function of XPath 1.0 ¦ 0",
        "\u00A0//a                        ¦ is not XPath ¦ 0",
        "\uFEFF//a                        ¦ is not XPath ¦ 0",
    })
    void shouldRefuseAllElseWithReasonAndPlace(String filter, String reason, int offset) {
        FilterSyntaxException refused = assertThrows(FilterSyntaxException.class, () -> parse(filter, Map.of()), filter);
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertTrue(refused.getMessage().endsWith("(character " + (offset + 1) + ")"), refused.getMessage());
        assertEquals(offset, refused.offset());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void shouldRefuseNothingAtAll(String filter) {
        assertEquals("the filter is empty", assertThrows(FilterSyntaxException.class, () -> parse(filter, Map.of())).getMessage());
    }

    @Test
    void shouldBoundWhatAFilterCosts() throws Exception {
        parse("(".repeat(127) + "1" + ")".repeat(127), Map.of());
        parse("1" + "+1".repeat(500), Map.of());
        parse("'" + "x".repeat(8190) + "'", Map.of());
        for (String filter : new String[] {"(".repeat(128) + "1" + ")".repeat(128), "a[".repeat(128) + "1" + "]".repeat(128),
            "not(".repeat(128) + "1" + ")".repeat(128), "1" + "+1".repeat(501), "-".repeat(501) + "1", "a|".repeat(501) + "a",
            "'" + "x".repeat(8191) + "'"}) {
            assertThrows(FilterSyntaxException.class, () -> parse(filter, Map.of()));
        }
    }

    private static Expr parse(String filter, Map<String, String> namespaces) throws FilterSyntaxException {
        return Parser.parse(filter, namespaces, (part, start, end) -> { }).expression();
    }
}
