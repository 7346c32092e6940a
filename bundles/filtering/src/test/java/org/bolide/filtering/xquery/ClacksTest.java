package org.bolide.filtering.xquery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.Filter;
import org.bolide.filtering.Filter.Verdict;
import org.bolide.filtering.FilterRegistry;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** XQuery filters as the exchange under Clacks decides them: events wrapped in an envelope, the document node as context. */
class ClacksTest {

    private static final String DECLARED = "declare namespace f='http://www.gonicus.de/Events'; ";

    private static final String BUSY = event("<PhoneStatus><CallerId>030-1</CallerId><Status>busy</Status></PhoneStatus>");
    private static final String NODE = event("<NodeStatus><Id>n1</Id><Load>0.5</Load><Workers>0</Workers></NodeStatus>");
    private static final String CLIENT = event("<ClientAnnounce><Id>c1</Id><IPAddress>192.0.2.7</IPAddress>"
            + "<IPAddress>192.0.2.8</IPAddress></ClientAnnounce>");

    private final XQueryLanguage language = new XQueryLanguage(new FilterRegistry(), Map.of());

    private static String event(String body) {
        return "<Event xmlns=\"http://www.gonicus.de/Events\">" + body + "</Event>";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            let $e := ./f:Event return $e/f:PhoneStatus                    | PASSED     | NOT_PASSED | NOT_PASSED
            let $e := ./f:Event return $e/f:NodeStatus or $e/f:NodeLeave   | NOT_PASSED | PASSED     | NOT_PASSED
            ./f:Event/f:PhoneStatus[f:Status = 'busy']                     | PASSED     | NOT_PASSED | NOT_PASSED
            ./f:Event/f:NodeStatus/f:Load < 1                              | NOT_PASSED | PASSED     | NOT_PASSED
            ./f:Event//f:IPAddress/text()                                  | NOT_PASSED | NOT_PASSED | PASSED
            ./f:Event//f:IPAddress/string(.)                               | NOT_PASSED | NOT_PASSED | FAILED
            for $n in ./f:Event/f:NodeStatus where $n/f:Load lt '1' return $n | NOT_PASSED | PASSED  | NOT_PASSED
            data(./f:Event/f:NodeStatus/f:Workers)                         | NOT_PASSED | PASSED     | NOT_PASSED
            number(./f:Event/f:NodeStatus/f:Workers)                       | NOT_PASSED | NOT_PASSED | NOT_PASSED
            .                                                              | PASSED     | PASSED     | PASSED
            Event                                                          | NOT_PASSED | NOT_PASSED | NOT_PASSED
            /f:Event/*/local-name() = ('PhoneStatus', 'ClientAnnounce')    | PASSED     | NOT_PASSED | PASSED
            """)
    void shouldDecideByTheEffectiveBooleanValue(String query, Verdict busy, Verdict node, Verdict client) throws Exception {
        Filter filter = (Filter) language.compile(DECLARED + query, Map.of());
        assertEquals(List.of(busy, node, client),
                List.of(filter.verdict(of(BUSY)), filter.verdict(of(NODE)), filter.verdict(of(CLIENT))));
    }

    @Test
    void shouldDecideAsTheVectorsSay() throws IOException {
        Optional<Path> folder = SharedData.folder().map(data -> data.resolve("filters/clacks"));
        if (folder.isEmpty()) {
            return;
        }
        Map<String, byte[]> events = SharedData.archive(folder.get().resolve("public-events.tar.gz"));
        List<Object> filters = Files.readAllLines(folder.get().resolve("public-filters.txt")).stream().map(this::compiled).toList();
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        for (String line : Files.readAllLines(folder.get().resolve("public-truth.tsv"))) {
            String[] column = line.split("\t");
            if (column[1].matches("\\d+")) {
                Object filter = filters.get(Integer.parseInt(column[1]) - 1);
                String got = filter instanceof FilterSyntaxException ? "invalid"
                        : switch (((Filter) filter).verdict(of(new String(events.get(column[0]), StandardCharsets.UTF_8)))) {
                            case PASSED -> "pass";
                            case NOT_PASSED -> "fail";
                            case FAILED -> "error";
                            case OVERRAN -> "overrun";
                        };
                rows++;
                if (!got.equals(column[2])) {
                    wrong.add(line + " but " + got);
                }
            }
        }
        System.out.println("clacks: " + (rows - wrong.size()) + " of " + rows + " verdicts agree");
        assertEquals(List.of(), wrong);
    }

    private Object compiled(String query) {
        try {
            return language.compile(query, Map.of());
        } catch (FilterSyntaxException e) {
            return e;
        }
    }

    private static BrokerEvent of(String text) {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), text.getBytes(StandardCharsets.UTF_8));
    }
}
