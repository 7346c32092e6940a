package org.bolide.filtering.xpath;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.FilterSyntaxException;
import org.bolide.api.MalformedEventException;
import org.bolide.filtering.EventParser;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What filters cost: counted, the same each time, and bounded, whatever a stranger thinks up. */
class CostTest {

    /** More than a thread of ours has to spare, and less than any has at all. */
    private static final long SMALL_STACK_BYTES = 768 << 10;

    private final Map<String, Tree> documents = new LinkedHashMap<>();

    CostTest() throws MalformedEventException {
        document("typical", new String(SampleEvents.swift(), StandardCharsets.UTF_8));
        document("params", "<e><What><Group>" + "<Param name='n' value='1.5' unit='u'/>".repeat(1200) + "</Group></What></e>");
        document("text", "<e><Description>" + "gamma ray burst ".repeat(6000) + "</Description><b/><b/></e>");
        document("deep", "<e>" + "<Group name='g'>".repeat(200) + "<C1>1</C1>" + "</Group>".repeat(200) + "</e>");
        document("wide", "<e xmlns:a='urn:a' xmlns:b='urn:b'>" + "<x/>".repeat(50_000) + "</e>");
    }

    /** What takes libxml2, Saxon or the JDK seconds, hours or their memory. */
    @ParameterizedTest
    @ValueSource(strings = {
        "//*[count(//*[count(//*[count(//*[count(//*) = 0]) = 0]) = 0]) = 0]/@nosuch",
        "//*[//*[//*[//*[. = 'no such text']]]]",
        "//*[@name][../*[../*[../*[../*[../*[../*[../*[../*[../*[../*[@nosuch]]]]]]]]]]]",
        "//*//*//*//*//*//*//C2", "//*/..//*/..//*/..//Concept", "//*/following::*/preceding::*/following::*/preceding::*",
        "//Param/../Param/../Param/../Param/../Param/../Param/../Param/../Param/../Param/../Param/../nosuch",
        "//Param/@*/../@*/../@*/../@*/../@*/../@*/../@*/../@*/../@*/../@*/../@*/../nosuch",
        "//node()/ancestor-or-self::node()/descendant-or-self::node()/ancestor-or-self::node()/descendant-or-self::node()/nosuch",
        "//*[count(preceding::node() | following::node() | ancestor-or-self::node() | descendant::node()) < 0]",
        "//Param[not(@value = preceding::Param/@value)][not(@name = preceding::Param/@name)]/@nosuch",
        "//@*[//@* < //@*[. < 0]]", "//*[string-length(concat(/, /, /, /, /, /, /, /)) < 0]", "string-length(translate(/, /, /)) < 0",
        "//*[contains(concat(/, /), concat(substring(/, 2), 'x', .))]", "id(concat(/, ' ', /))[id(/)]",
        "count(//namespace::*/..//namespace::*/..//namespace::*) < 0", "//*[preceding::*[last()]][following::*[last()]]/@nosuch",
        "sum(//@*/ancestor::*//@*/ancestor::*//@*) < 0", "------------//C2 > 0", "//*[normalize-space(/) = normalize-space(translate(/, 'a', 'b'))]",
        "//*[number(/) = 1] | //*[sum(//*) = 1]", "//*[substring-after(/, substring(/, 3)) = 'x']", "//*[lang('en')][ancestor::*[lang('x')]]",
    })
    void shouldEndInTime(String filter) throws Exception {
        for (Map.Entry<String, Tree> document : documents.entrySet()) {
            Cost cost = cost(filter, document.getValue());
            assertTrue(cost.steps <= bound(document.getValue()), cost.toString());
            assertEquals(cost, cost(filter, document.getValue()), "the same each time: " + filter + " on " + document.getKey());
        }
    }

    @Test
    void shouldBeFarFromTheBoundForWhatPeopleWrite() throws Exception {
        for (String filter : List.of("//Who/Author[shortName=\"VO-GCN\"]", "//How[contains(Description, \"Swift\")]", "//Param[@name=\"n\" and @value>40]",
                "count(//*[@name]) > 3", "//Param[not(@unit)]/following-sibling::Param[1]/@name = 'x'", "//text()[contains(., 'burst')]",
                "sum(//C1) div count(//C1) > 1", "normalize-space(//Description) = ''", "count(//Param/@name[. = 'n']) > 1")) {
            for (Map.Entry<String, Tree> document : documents.entrySet()) {
                Cost cost = cost(filter, document.getValue());
                assertFalse(cost.overran);
                assertTrue(cost.steps < bound(document.getValue()) / 10, filter + " on " + document.getKey() + ": " + cost);
            }
        }
    }

    /** The deepest and the longest that the grammar takes, on the deepest document. */
    @Test
    void shouldNeedLittleStack() throws Exception {
        List<String> filters = List.of("(".repeat(127) + "//C1" + ")".repeat(127), "//C1[..".repeat(126) + "]".repeat(126),
                "*[".repeat(126) + "1" + "]".repeat(126), "not(".repeat(126) + "//C1" + ")".repeat(126), "//C1" + "+//C1".repeat(500),
                "//C1" + "=//C1".repeat(500), "//C1" + "|//C1".repeat(500), "//C0" + " or //C0".repeat(500), "-".repeat(500) + "//C1",
                "concat(".repeat(126) + "//C1" + ",'x')".repeat(126), "a/".repeat(4000) + "a", "./".repeat(4000) + ".", "//*" + "[1]".repeat(2700),
                "//*" + "[last()]".repeat(1000), "//" + "Group//".repeat(900) + "C1", "(1=".repeat(126) + "//C1" + ")".repeat(126), "*/".repeat(126) + "*",
                "descendant::Group[".repeat(100) + "C1" + "]".repeat(100), "string(//*[".repeat(60) + "1" + "])".repeat(60));
        List<Throwable> thrown = new ArrayList<>();
        Thread small = new Thread(null, () -> {
            for (String filter : filters) {
                try {
                    cost(filter, documents.get("deep"));
                } catch (FilterSyntaxException | RuntimeException | StackOverflowError e) {
                    thrown.add(new AssertionError(filter.substring(0, 20) + "…: " + e, e));
                }
            }
        }, "small-stack", SMALL_STACK_BYTES);
        small.start();
        small.join();
        assertEquals(List.of(), thrown);
    }

    @Test
    void shouldNotFillTheMemoryWithNamespaces() {
        StringBuilder declarations = new StringBuilder("<e");
        for (int i = 0; i < 200; i++) {
            declarations.append(" xmlns:p").append(i).append("='urn:").append(i).append('\'');
        }
        assertThrows(MalformedEventException.class, () -> document("x", declarations + ">" + "<x/>".repeat(6000) + "</e>"));
    }

    /** Other people's, collected; the lists say what each is. */
    @Test
    void shouldEndTheHostileFiltersOfTheSharedData() throws Exception {
        Optional<Path> folder = SharedData.folder();
        if (folder.isEmpty()) {
            return;
        }
        for (SharedData.RealEvent event : SharedData.events()) {
            if (event.name().matches("synthetic/2[234].*")) {
                document(event.name(), new String(event.content(), StandardCharsets.UTF_8));
            }
        }
        List<String> lines = Files.readAllLines(folder.get().resolve("filters/hostile-filters.txt"));
        Map<String, Integer> ends = new LinkedHashMap<>();
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).matches("# H\\d.*")) {
                String about = lines.get(i);
                String filter = lines.get(++i);
                for (Tree tree : documents.values()) {
                    String end;
                    try {
                        Cost cost = cost(filter, tree);
                        assertTrue(cost.steps <= bound(tree), about);
                        end = cost.overran ? "overran" : "harmless";
                    } catch (FilterSyntaxException e) {
                        end = "refused";
                    }
                    ends.merge(end, 1, Integer::sum);
                    assertTrue(end.equals("refused") || about.contains("| xpath1 |"), about);
                }
            }
        }
        System.out.println("hostile filters, each on " + documents.size() + " documents: " + ends);
    }

    /** Every filter that is meant to work works on every event, and far from the bound. */
    @Test
    void shouldLetThePublicFiltersOfTheSharedDataWork() throws IOException, MalformedEventException {
        Optional<Path> folder = SharedData.folder();
        if (folder.isEmpty()) {
            return;
        }
        List<String> filters = Files.readString(folder.get().resolve("filters/public-filters.txt")).lines().toList();
        double most = 0;
        for (SharedData.RealEvent event : SharedData.events()) {
            if (event.real() && event.name().hashCode() % 10 != 0 || event.dtd() || event.name().startsWith("dubious/")) {
                continue;
            }
            Tree tree = tree(event.content());
            for (String filter : filters) {
                try {
                    Cost cost = cost(filter, tree);
                    assertFalse(cost.overran, filter + " on " + event.name());
                    most = Math.max(most, (double) cost.steps / bound(tree));
                } catch (FilterSyntaxException e) {
                    // So it should be: ConformanceTest knows which.
                    assertTrue(e.offset() >= 0);
                }
            }
        }
        System.out.printf("the costliest of the public filters needs %.1f %% of what it may%n", 100 * most);
    }

    private record Cost(long steps, boolean overran, boolean passes) {}

    private static long bound(Tree tree) {
        return Run.STEPS + Run.STEPS_FOR_A_NODE * tree.size();
    }

    private static Cost cost(String filter, Tree tree) throws FilterSyntaxException {
        Parser.Parsed parsed = Parser.parse(filter, Map.of(), (part, start, end) -> { });
        Run run = new Run(null, tree, parsed.names().toArray(new Name[0]));
        try {
            boolean passes = parsed.expression().test(new Focus(run, tree.root()));
            return new Cost(run.taken(), false, passes);
        } catch (Overrun e) {
            return new Cost(bound(tree), true, false);
        }
    }

    private void document(String name, String text) throws MalformedEventException {
        documents.put(name, tree(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Tree tree(byte[] content) throws MalformedEventException {
        TreeBuilder builder = new TreeBuilder(true);
        new EventParser().parse(ByteBuffer.wrap(content), builder);
        return builder.tree();
    }
}
