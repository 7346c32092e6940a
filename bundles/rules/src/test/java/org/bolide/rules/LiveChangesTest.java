package org.bolide.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventValidator;
import org.bolide.api.RelayPolicy;
import org.bolide.api.management.Rules.Kind;
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

/** Files that come, are edited and go; languages that do. */
class LiveChangesTest {

    private static final Map<String, ?> DENY_TESTS = Map.of("action", "deny", "roles", list("test"));
    private static final Map<String, ?> DENY_KSK = Map.of("action", "deny", "filter", "//contactName = 'KSK'");

    private final Owner owner = new Owner();

    @Test
    void shouldKeepOneValidatorWhileThereAreAcceptRules() {
        owner.accept("a", DENY_TESTS);
        EventValidator validator = owner.validators.get(0);
        owner.accept("b", Map.of("action", "allow", "order", 1, "sources", list("192.0.2.7")));
        assertEquals("", owner.submit(Owner.test()));
        owner.accept("b", Map.of("action", "allow", "order", 1, "sources", list("192.0.2.8")));
        assertEquals("refused by rule \"a\"", owner.submit(Owner.test()));
        owner.delete(AcceptRuleComponent.PID, "b");
        assertEquals("refused by rule \"a\"", owner.submit(Owner.test()));
        assertEquals(List.of(validator), owner.validators);
        assertSame(validator, owner.validators.get(0));
        owner.delete(AcceptRuleComponent.PID, "a");
        assertEquals(List.of(), owner.validators);
        assertEquals("", owner.submit(Owner.test()));
    }

    @Test
    void shouldRegisterANewPolicyForEachChangeBeforeTheFormerGoes() {
        AtomicInteger least = new AtomicInteger(Integer.MAX_VALUE);
        owner.relay("a", DENY_TESTS);
        owner.onService.add(() -> least.accumulateAndGet(owner.policies.size(), Math::min));
        RelayPolicy first = owner.policies.get(0);
        owner.relay("a", Map.of("action", "allow"));
        assertNotSame(first, owner.policies.get(0));
        owner.filter("b", Map.of("action", "allow"));
        assertEquals(1, owner.policies.size());
        assertEquals(1, least.get(), "at no moment there was none");
        RelayPolicy last = owner.policies.get(0);
        owner.accept("c", DENY_TESTS);
        owner.install();
        assertSame(last, owner.policies.get(0), "nothing has changed for subscribers");
        owner.delete(FilterRuleComponent.PID, "b");
        assertEquals(1, owner.policies.size());
        owner.delete(RelayRuleComponent.PID, "a");
        assertEquals(List.of(), owner.policies);
    }

    @Test
    void shouldGoOnCountingOverEdits() {
        owner.accept("rule", DENY_TESTS);
        owner.submit(Owner.test());
        owner.accept("rule", Map.of("action", "allow", "roles", list("test")));
        owner.submit(Owner.test());
        assertEquals(2, owner.status("rule").matched());
        assertEquals(1, owner.count("accept.rule.denied"));
        assertEquals(1, owner.count("accept.rule.allowed"));
    }

    @Test
    void shouldLeaveInForceWhatABadEditWouldReplace() {
        owner.install();
        owner.accept("rule", DENY_TESTS);
        try (CapturedLog log = new CapturedLog()) {
            owner.accept("rule", Map.of("action", "deny", "sources", list("192.0.2.0/33")));
            owner.accept("rule", Map.of("action", "deny", "roles", list("test"), "filter", "//["));
            assertEquals(2, log.lines().size(), log.text());
            assertTrue(log.lines().get(0).contains("ERROR") && log.lines().get(0).contains(
                    "etc/org.bolide.rules.accept~rule.cfg.json, key sources: '192.0.2.0/33' is no network"), log.text());
            assertTrue(log.lines().get(1).endsWith("etc/org.bolide.rules.accept~rule.cfg.json, key filter: not XPath at character 1"
                    + " (refused; what was in force stays in force)"), log.text());
        }
        assertEquals("refused by rule \"rule\"", owner.submit(Owner.test()));
        assertEquals(Optional.empty(), owner.status("rule").fault());
        owner.accept("rule", Map.of("action", "allow"));
        assertEquals("", owner.submit(Owner.test()));
    }

    @Test
    void shouldLetNothingPassThatANewRuleCannotDecideOn() {
        owner.install();
        try (CapturedLog log = new CapturedLog()) {
            owner.accept("broken", Map.of("action", "deny", "roles", list("test"), "filter", "//["));
            owner.relay("broken-too", Map.of("action", "allow", "roles", list("test"), "filter", "//["));
            assertEquals("later", owner.submit(Owner.test()));
            assertEquals("later", owner.submit(Owner.test()));
            assertFalse(owner.isSent(Owner.test(), "192.0.2.7"));
            assertEquals("", owner.submit(event("ivo://test.author/rules#2", "observation")), "the rest is not concerned");
            assertTrue(owner.isSent(event("ivo://test.author/rules#2", "observation"), "192.0.2.7"));
            List<String> warnings = log.lines().stream().filter(line -> line.contains("WARN")).toList();
            assertEquals(2, warnings.size(), log.text());
            assertTrue(warnings.get(0).contains("rule \"broken\" cannot decide: etc/org.bolide.rules.accept~broken.cfg.json, key filter:"
                    + " not XPath at character 1. Until that is mended, events that it would decide on are not taken"), warnings.get(0));
            assertTrue(warnings.get(1).contains("are not sent"), warnings.get(1));
        }
        assertEquals(2, owner.count("accept.broken.undecided"));
        assertEquals(1, owner.count("relay.broken-too.undecided"));
        assertEquals(0, owner.status("broken").matched());
        assertEquals("etc/org.bolide.rules.accept~broken.cfg.json, key filter: not XPath at character 1", owner.status("broken").fault().get());
        // One wrong filter after another takes its place; a right one mends it.
        owner.accept("broken", Map.of("action", "deny", "filter", "//[["));
        assertEquals("later", owner.submit(event("ivo://test.author/rules#2", "observation")));
        owner.accept("broken", DENY_KSK);
        assertEquals("refused by rule \"broken\"", owner.submit(Owner.test()));
        assertEquals(Optional.empty(), owner.status("broken").fault());
    }

    @Test
    void shouldWaitForALanguageAndLoseNoneWhenItGoes() {
        try (CapturedLog log = new CapturedLog()) {
            owner.accept("rule", DENY_KSK);
            owner.relay("rule", DENY_KSK);
            assertFalse(log.text().contains("WARN"), "at start-up the language comes a moment later");
            assertEquals("later", owner.submit(Owner.test()));
            assertEquals("later", owner.submit(Owner.test()));
            assertFalse(owner.isSent(Owner.test(), "192.0.2.7"));
            List<String> warnings = log.lines().stream().filter(line -> line.contains("WARN")).toList();
            assertEquals(2, warnings.size(), log.text());
            assertTrue(warnings.get(0).contains("rule \"rule\" cannot decide: the filter language xpath is not installed"), warnings.get(0));
            RelayPolicy blind = owner.policies.get(0);
            JdkXPath first = owner.install();
            assertEquals("refused by rule \"rule\"", owner.submit(Owner.test()));
            assertNotSame(blind, owner.policies.get(0), "subscribers are asked anew");
            JdkXPath second = owner.install();
            owner.uninstall(first);
            assertEquals("refused by rule \"rule\"", owner.submit(Owner.test()));
            assertEquals(0, first.evaluations.get() - 1);
            assertEquals(1, second.evaluations.get());
            owner.uninstall(second);
            assertEquals("later", owner.submit(Owner.test()));
            assertEquals("the filter language xpath is not installed", owner.status("rule").fault().get());
            owner.install();
            assertEquals("refused by rule \"rule\"", owner.submit(Owner.test()));
            assertEquals(1, owner.validators.size());
        }
    }

    @Test
    void shouldGoOnAfterAFailureOfForeignCode() {
        owner.accept("rule", DENY_KSK);
        owner.install((text, namespaces) -> {
            throw new NoClassDefFoundError("of a bundle that has just gone");
        });
        assertEquals("later", owner.submit(Owner.test()));
        assertTrue(owner.status("rule").fault().get().contains("the language failed to compile it"), owner.status("rule").toString());
        owner.onService.add(() -> {
            throw new IllegalStateException("whoever is told of a service fails");
        });
        assertThrows(IllegalStateException.class, () -> owner.relay("other", DENY_TESTS));
        owner.onService.clear();
        owner.install();
        assertEquals("refused by rule \"rule\"", owner.submit(Owner.test()));
        assertFalse(owner.isSent(Owner.test(), "192.0.2.7"));
    }

    @Test
    void shouldTellWhatIsInForceOnce() {
        try (CapturedLog log = new CapturedLog()) {
            owner.accept("rule", Map.of("action", "deny", "order", 7, "roles", list("test")));
            owner.install();
            owner.accept("rule", Map.of("action", "allow"));
            owner.delete(AcceptRuleComponent.PID, "rule");
            List<String> lines = log.lines().stream().map(line -> line.replaceFirst(".* - ", "")).toList();
            assertEquals(List.of("the accept rule \"rule\" is in force: order 7, deny role test",
                    "the accept rule \"rule\" is changed: order 100, allow every event", "the accept rule \"rule\" is gone"), lines);
        }
    }

    @Test
    void shouldTakeEverythingBackWhenItStops() {
        owner.accept("a", DENY_TESTS).relay("b", DENY_TESTS);
        owner.book.stop();
        owner.book.stop();
        assertEquals(List.of(), owner.validators);
        assertEquals(List.of(), owner.policies);
    }

    /** Eight threads submit; one edits, adds and deletes all the time. Tests are denied by every state of the rules. */
    @Test
    void shouldHaveADenyRuleInForceAtEveryMomentOfAnEdit() throws Exception {
        owner.accept("deny", DENY_TESTS).relay("deny", DENY_TESTS);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger submitted = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> passed = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                passed.add(threads.submit(() -> {
                    begun.countDown();
                    while (!over.get()) {
                        BrokerEvent event = Owner.test();
                        assertEquals("refused by rule \"deny\"", owner.submit(event));
                        List<RelayPolicy> policies = List.copyOf(owner.policies);
                        assertFalse(policies.isEmpty());
                        assertFalse(policies.stream().anyMatch(
                                policy -> policy.audienceOf("public", Owner.address("192.0.2.7")).mayReceive(event)));
                        submitted.incrementAndGet();
                    }
                }));
            }
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            for (int i = 0; i < 300 || submitted.get() < 2000; i++) {
                owner.accept("deny", Map.of("action", "deny", "order", i % 7, "roles", list("utility", "test")));
                owner.relay("deny", Map.of("action", "deny", "order", i % 7, "roles", list("test")));
                owner.accept("other", Map.of("action", "allow", "order", 3, "roles", list("observation")));
                owner.delete(AcceptRuleComponent.PID, "other");
            }
            over.set(true);
            for (Future<?> each : passed) {
                each.get(10, TimeUnit.SECONDS);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertEquals(submitted.get(), owner.count("accept.deny.denied"), "none was counted twice or lost");
    }

    @Test
    void shouldSettleOnTheLastStateWhateverThreadsChangeIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                String name = "rule" + t;
                all.add(threads.submit(() -> {
                    RuleFile file = new RuleFile(name, name);
                    for (int i = 0; i < 200; i++) {
                        owner.book.add(rule(file));
                        owner.book.remove(Kind.ACCEPT, file);
                    }
                    owner.book.add(rule(file));
                }));
            }
            for (Future<?> each : all) {
                each.get(20, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(4, owner.book.rules().size());
        assertEquals(1, owner.validators.size());
    }

    private static AcceptRule rule(RuleFile file) {
        return new AcceptRule(Rule.Head.of(Kind.ACCEPT, file, 1, "deny", ""), Sources.of(file, "sources"),
                Optional.empty(), EventCriteria.of(new String[0]), Optional.empty());
    }
}
