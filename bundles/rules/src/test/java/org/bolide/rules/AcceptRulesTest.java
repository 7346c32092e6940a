package org.bolide.rules;

import java.util.List;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Submission.Origin;
import org.bolide.api.management.Rules.RuleStatus;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.bolide.rules.Owner.event;
import static org.bolide.rules.Owner.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AcceptRulesTest {

    private static final String REFUSED = "refused by rule \"rule\"";

    private final Owner owner = new Owner();

    @Test
    void shouldTakeEverythingAndAskNobodyWithoutRules() {
        assertEquals(List.of(), owner.validators);
        assertEquals(List.of(), owner.policies);
        assertEquals(Map.of(), owner.book.counters());
        assertEquals(List.of(), owner.book.rules());
    }

    @Test
    void shouldNameTheRuleAndTheReasonToTheAuthor() {
        owner.accept("no-tests", Map.of("action", "deny", "roles", list("test"), "reason", "test events are not taken here"));
        assertEquals("refused by rule \"no-tests\": test events are not taken here", owner.submit(Owner.test()));
        owner.accept("no-tests", Map.of("action", "deny", "roles", list("test")));
        assertEquals("refused by rule \"no-tests\"", owner.submit(Owner.test()));
        assertEquals("", owner.submit(event("ivo://test.author/rules#2", "observation")), "what no rule matches is taken");
    }

    @Test
    void shouldLetTheFirstRuleThatMatchesDecideByOrderAndThenByName() {
        owner.accept("b", Map.of("action", "deny", "order", 2));
        owner.accept("a", Map.of("action", "allow", "order", 2, "roles", list("test")));
        assertEquals("", owner.submit(Owner.test()));
        assertEquals("refused by rule \"b\"", owner.submit(event("ivo://test.author/rules#2", "observation")));
        owner.accept("z", Map.of("action", "deny", "order", -1, "roles", list("test"), "reason", "first"));
        assertEquals("refused by rule \"z\": first", owner.submit(Owner.test()));
        assertEquals(List.of("z", "a", "b"), owner.book.rules().stream().map(RuleStatus::name).toList());
        assertEquals(List.of(1L, 1L, 1L), owner.book.rules().stream().map(RuleStatus::matched).toList());
        assertEquals(1, owner.count("accept.a.allowed"));
        assertEquals(0, owner.count("accept.a.denied"));
        assertEquals(1, owner.count("accept.b.denied"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ivo://nasa.gsfc.gcn/          | ivo://nasa.gsfc.gcn/SWIFT#BAT_1    | true",
        "ivo://nasa.gsfc.gcn/SWIFT#    | ivo://nasa.gsfc.gcn/SWIFT#BAT_1    | true",
        "ivo://nasa.gsfc.gcn/SWIFT#BAT | ivo://nasa.gsfc.gcn/SWIFT#BAT_1    | true",
        "ivo://nasa.gsfc.gcn/SWIFT#    | ivo://nasa.gsfc.gcn/SWIFT?BAT_1    | true",
        "ivo://nasa.gsfc.gcn/SWIFT?    | ivo://nasa.gsfc.gcn/SWIFT#BAT_1    | true",
        "ivo://nasa.gsfc.gcn/SWIFT#    | IVO://Nasa.GSFC.gcn/swift#BAT_1    | true",
        "ivo://nasa.gsfc.gcn/SWIFT#BAT | ivo://nasa.gsfc.gcn/SWIFT#bat_1    | false",
        "ivo://nasa.gsfc.gcn/SWIFT#    | ivo://nasa.gsfc.gcn/SWIFT2#BAT_1   | false",
        "ivo://nasa.gsfc.gcn/SWIFT#    | ivo://nasa.gsfc.gcn/SWIFT          | false",
        "ivo://nasa.gsfc.gcn/SWIFT     | ivo://nasa.gsfc.gcn/               | false",
    })
    void shouldMatchIdentifiersAsIvoidsAreCompared(String prefix, String identifier, boolean matches) {
        owner.accept("rule", Map.of("action", "deny", "identifierPrefixes", list("ivo://other/", prefix)));
        assertEquals(matches ? REFUSED : "", owner.submit(event(identifier, "observation")));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.7:41234, true",
        "192.0.2.0/24, 192.0.3.7:41234, false",
        "192.0.2.7, 192.0.2.7:41234, true",
        "192.0.2.7, 192.0.2.7, true",
        "2001:db8::/32, [2001:db8::7]:41234, true",
        "fe80::/10, [fe80::1%eth0]:41234, true",
        "2001:db8::/32, [2001:db9::7]:41234, false",
        "0.0.0.0/0, voevent.example.org:8099, false",
        "voevent.example.org:8099, voevent.example.org:8099, true",
        "voevent.example.org, voevent.example.org:8099, false",
        "192.0.2.7:8099, 192.0.2.7:8099, true",
        "192.0.2.7:8099, 192.0.2.7:41234, false",
        "[2001:db8::7]:8099, [2001:db8::7]:8099, true",
        "this broker's test event, this broker's test event, true",
    })
    void shouldMatchSourcesByNetworkOrByName(String entry, String source, boolean matches) {
        owner.accept("rule", Map.of("action", "deny", "sources", list("198.51.100.0/24", "somebody", entry)));
        assertEquals(matches ? REFUSED : "", owner.submit(Owner.test(), Origin.AUTHOR, source));
    }

    @Test
    void shouldMatchNamesAloneWhereNoNetworkIsGiven() {
        owner.accept("rule", Map.of("action", "deny", "sources", list("voevent.example.org:8099")));
        assertEquals("", owner.submit(Owner.test()));
        assertEquals(REFUSED, owner.submit(Owner.test(), Origin.BROKER, "voevent.example.org:8099"));
    }

    @ParameterizedTest
    @CsvSource({"any, true, true", "author, true, false", "broker, false, true"})
    void shouldMatchTheOrigin(String origin, boolean authors, boolean brokers) {
        owner.accept("rule", Map.of("action", "deny", "origin", origin));
        assertEquals(authors ? REFUSED : "", owner.submit(Owner.test(), Origin.AUTHOR, Owner.AUTHOR));
        assertEquals(brokers ? REFUSED : "", owner.submit(Owner.test(), Origin.BROKER, Owner.AUTHOR));
    }

    @Test
    void shouldMatchTheFilterAndLookIntoNoEventThatItNeedNot() {
        JdkXPath language = owner.install();
        owner.accept("rule", Map.of("action", "deny", "roles", list("test"), "filter", "//contactName = 'KSK'"));
        owner.accept("second", Map.of("action", "deny", "identifierPrefixes", list("ivo://test.author/rules#no")));
        assertEquals("", owner.submit(event("ivo://test.author/rules#2", "observation")));
        assertEquals("refused by rule \"second\"", owner.submit(event("ivo://test.author/rules#no", "observation")));
        assertEquals(0, language.evaluations.get());
        assertEquals(REFUSED, owner.submit(Owner.test()));
        assertEquals(1, language.evaluations.get());
        owner.accept("rule", Map.of("action", "deny", "filter", "//contactName = 'somebody else'"));
        assertEquals("", owner.submit(Owner.test()));
    }

    @Test
    void shouldNeedAllCriteriaToMatch() {
        owner.install();
        owner.accept("rule", Map.of("action", "deny", "sources", list("192.0.2.0/24"), "origin", "author",
                "identifierPrefixes", list("ivo://test.author/"), "roles", list("utility", "test"), "filter", "//contactName = 'KSK'"));
        BrokerEvent matching = Owner.test();
        assertEquals(REFUSED, owner.submit(matching));
        assertEquals("", owner.submit(matching, Origin.BROKER, Owner.AUTHOR));
        assertEquals("", owner.submit(matching, Origin.AUTHOR, "198.51.100.1:41234"));
        assertEquals("", owner.submit(event("ivo://test.author/rules#1", "observation")));
        assertEquals("", owner.submit(event("ivo://other.author/rules#1", "test")));
        assertEquals("from 192.0.2.0/24; origin author; identifier ivo://test.author/; role utility or test; filter xpath //contactName = 'KSK'",
                owner.status("rule").condition());
    }

    @Test
    void shouldCountAFilterThatCostsTooMuchAsNoMatchAndSaySoOnce() {
        owner.install();
        try (CapturedLog log = new CapturedLog()) {
            owner.accept("rule", Map.of("action", "deny", "filter", JdkXPath.COSTLY));
            assertEquals("", owner.submit(Owner.test()));
            assertEquals("", owner.submit(Owner.test()));
            List<String> warnings = log.lines().stream().filter(line -> line.contains("WARN")).toList();
            assertEquals(1, warnings.size(), warnings.toString());
            assertTrue(warnings.get(0).contains("rule \"rule\": its filter costs too much")
                    && warnings.get(0).contains("etc/org.bolide.rules.accept~rule.cfg.json"), warnings.get(0));
        }
    }

    @Test
    void shouldRefuseValuesThatAreNotAllowedNamingFileAndKey() {
        assertWrong("key action: 'refuse' must be allow or deny", Map.of("action", "refuse"));
        assertWrong("key action: 'null' must be allow or deny", Map.of());
        assertWrong("key origin: 'me' must be any, author or broker", Map.of("action", "deny", "origin", "me"));
        assertWrong("key sources: '192.0.2.0/33' is no network", Map.of("action", "deny", "sources", list("192.0.2.0/33")));
        assertWrong("key sources: '192.0.2' is no network", Map.of("action", "deny", "sources", list("192.0.2")));
        assertWrong("key sources: '2001:db8::/129' is no network", Map.of("action", "deny", "sources", list("2001:db8::/129")));
        assertEquals(List.of(), owner.book.rules());
    }

    private void assertWrong(String expected, Map<String, ?> values) {
        String message = assertThrows(IllegalArgumentException.class, () -> owner.accept("rule", values)).getMessage();
        assertTrue(message.startsWith("etc/org.bolide.rules.accept~rule.cfg.json, " + expected), message);
    }
}
