package org.bolide.rules;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.bolide.api.BrokerEvent;
import org.bolide.api.RelayPolicy.Audience;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.Test;

import static org.bolide.rules.Owner.event;
import static org.bolide.rules.Owner.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RelayRulesTest {

    private static final String INSIDE = "192.0.2.7";
    private static final String OUTSIDE = "198.51.100.1";

    private final Owner owner = new Owner();
    private final BrokerEvent test = Owner.test();
    private final BrokerEvent observation = event("ivo://test.author/rules#2", "observation");

    @Test
    void shouldHoldBackByNetworkWithTheFirstRuleThatMatches() {
        owner.relay("inside", Map.of("action", "allow", "order", 1, "to", list("192.0.2.0/24")));
        owner.relay("no-tests", Map.of("action", "deny", "roles", list("test")));
        assertTrue(owner.isSent(test, INSIDE));
        assertFalse(owner.isSent(test, OUTSIDE));
        assertTrue(owner.isSent(observation, OUTSIDE), "what no rule matches is sent");
        assertEquals(1, owner.count("relay.inside.allowed"));
        assertEquals(1, owner.count("relay.no-tests.denied"));
        assertEquals(List.of(), owner.validators, "intake has nothing to ask");
    }

    @Test
    void shouldMatchTheListenerByTheNameOfItsFile() {
        owner.relay("rule", Map.of("action", "deny", "listeners", list("inner", "public")));
        assertFalse(owner.audience("broadcaster.public", OUTSIDE).mayReceive(test));
        assertFalse(owner.audience("public", OUTSIDE).mayReceive(test));
        assertTrue(owner.audience("broadcaster.republic", OUTSIDE).mayReceive(test));
        assertTrue(owner.audience("broadcaster.other", OUTSIDE).mayReceive(test));
    }

    @Test
    void shouldMatchIdentifierAndFilter() {
        owner.install();
        owner.relay("a", Map.of("action", "deny", "identifierPrefixes", list("ivo://secret.example/")));
        owner.relay("b", Map.of("action", "deny", "roles", list("test"), "filter", "//contactName = 'KSK'"));
        assertFalse(owner.isSent(event("ivo://Secret.example/x#1", "observation"), OUTSIDE));
        assertFalse(owner.isSent(test, OUTSIDE));
        assertTrue(owner.isSent(observation, OUTSIDE));
    }

    @Test
    void shouldGiveSubscribersForWhomTheSameRulesHoldOneAudience() {
        owner.relay("inside", Map.of("action", "allow", "order", 1, "to", list("192.0.2.0/24")));
        owner.relay("rest", Map.of("action", "deny", "order", 2, "roles", list("test")));
        owner.relay("never-asked-inside", Map.of("action", "deny", "order", 3, "to", list("192.0.2.128/25")));
        Audience outside = owner.audience("broadcaster.public", OUTSIDE);
        assertSame(outside, owner.audience("broadcaster.other", "203.0.113.9"));
        Audience inside = owner.audience("broadcaster.public", INSIDE);
        assertNotSame(outside, inside);
        assertSame(inside, owner.audience("broadcaster.public", "192.0.2.200"), "the first rule decides on every event for both");
    }

    @Test
    void shouldDecideAndCountOnceForEachEventAndAudience() {
        JdkXPath language = owner.install();
        owner.relay("rule", Map.of("action", "deny", "filter", "//contactName = 'KSK'"));
        owner.filter("xquery", Map.of("action", "allow", "from", list("192.0.2.0/24")));
        Audience outside = owner.audience("broadcaster.public", OUTSIDE);
        for (int i = 0; i < 100; i++) {
            assertFalse(outside.mayReceive(test));
            assertFalse(owner.isSent(test, "198.51.100." + i));
        }
        assertEquals(1, language.evaluations.get());
        assertEquals(1, owner.count("relay.rule.denied"));
        assertFalse(owner.isSent(test, INSIDE), "who may filter otherwise is another audience");
        assertEquals(2, owner.count("relay.rule.denied"));
        assertFalse(outside.mayReceive(observation));
        assertEquals(3, owner.status("rule").matched());
    }

    @Test
    void shouldSayAtDebugWhichRuleHoldsAnEventBack() {
        owner.relay("no-tests", Map.of("action", "deny", "roles", list("test"), "reason", "tests stay inside"));
        try (CapturedLog log = new CapturedLog()) {
            owner.isSent(test, OUTSIDE);
            owner.isSent(test, OUTSIDE);
            List<String> lines = log.lines();
            assertEquals(1, lines.size(), log.text());
            assertTrue(lines.get(0).contains("DEBUG") && lines.get(0).contains("id=ivo://test.author/rules#1 position=0 source=" + Owner.AUTHOR)
                    && lines.get(0).endsWith("refused by rule \"no-tests\": tests stay inside"), lines.get(0));
        }
    }

    @Test
    void shouldLetEverybodyFilterInXPathAloneUnlessARuleSaysOtherwise() {
        owner.relay("any", Map.of("action", "deny", "roles", list("test")));
        assertEquals(Set.of("xpath"), owner.audience("broadcaster.public", INSIDE).filterLanguages());
        owner.filter("institute", Map.of("action", "allow", "from", list("192.0.2.0/24")));
        assertEquals(Set.of("xpath", "xquery"), owner.audience("broadcaster.public", INSIDE).filterLanguages());
        assertEquals(Set.of("xpath"), owner.audience("broadcaster.public", OUTSIDE).filterLanguages());
        assertEquals(1, owner.count("filter.institute.allowed"));
        owner.filter("nobody", Map.of("action", "deny", "order", 1, "listeners", list("public"), "languages", list("xpath", "xquery")));
        assertEquals(Set.of(), owner.audience("broadcaster.public", INSIDE).filterLanguages());
        assertEquals(Set.of("xpath", "xquery"), owner.audience("broadcaster.inner", INSIDE).filterLanguages());
        assertEquals("language xpath or xquery; listener public", owner.status("nobody").condition());
        assertThrows(IllegalArgumentException.class, () -> owner.filter("none", Map.of("action", "allow", "languages", list())));
    }
}
