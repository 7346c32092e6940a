package org.bolide.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.inject.Inject;

import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.Receipt;
import org.bolide.api.RelayPolicy;
import org.bolide.api.Submission;
import org.bolide.api.management.Counters;
import org.bolide.api.management.Rules;
import org.bolide.api.management.Rules.RuleStatus;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import static java.util.stream.Collectors.toList;
import static org.bolide.itests.Eventually.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

/** The owner's rules inside the container: which services they are, on the real intake and with the real filters. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RulesIT {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final String ACCEPT = "org.bolide.rules.accept";
    private static final String RELAY = "org.bolide.rules.relay";
    private static final String FILTER = "org.bolide.rules.filter";

    @Inject
    private BundleContext context;
    @Inject
    private ConfigurationAdmin admin;
    @Inject
    private EventIntake intake;
    @Inject
    private Rules rules;

    @org.ops4j.pax.exam.Configuration
    public Option[] configuration() {
        return Archive.inside();
    }

    @After
    public void deleteRules() throws Exception {
        Configuration[] left = admin.listConfigurations("(service.factoryPid=org.bolide.rules.*)");
        if (left != null) {
            for (Configuration each : left) {
                each.delete();
            }
        }
        eventually("no rules are left", SECONDS, () -> rules.rules().isEmpty());
    }

    @Test
    public void shouldStartBeforeWhateverTakesOrSendsEvents() {
        int rulesLevel = startLevel("org.bolide.rules");
        for (String later : List.of("org.bolide.transport", "org.bolide.broker")) {
            assertTrue(later, rulesLevel < startLevel(later));
        }
        assertTrue("their configurations are there", startLevel("org.bolide.launcher") < rulesLevel);
    }

    @Test
    public void shouldDecideAndCount() throws Exception {
        assertEquals(Receipt.Status.ACCEPTED, submit("before", "test").status());
        assertEquals("nobody is asked without rules", List.of(), services(EventValidator.class));
        assertEquals(List.of(), services(RelayPolicy.class));
        Configuration deny = create(ACCEPT, "no-tests", Map.of("action", "deny", "order", 2, "roles", new String[] {"test"},
                "filter", "//Who[AuthorIVORN='ivo://test.author/who']", "reason", "no tests here"));
        Configuration allow = create(ACCEPT, "but-one", Map.of("action", "allow", "order", 1,
                "identifierPrefixes", new String[] {"ivo://test.author/rules#one"}));
        awaitRules("but-one", "no-tests");
        Receipt refused = submit("two", "test");
        assertEquals(Receipt.Status.REFUSED, refused.status());
        assertEquals("refused by rule \"no-tests\": no tests here", refused.reason());
        assertEquals(Receipt.Status.ACCEPTED, submit("one", "test").status());
        assertEquals(Receipt.Status.ACCEPTED, submit("three", "observation").status());
        assertEquals(Map.of("rules.accept.but-one.allowed", 1L, "rules.accept.but-one.denied", 0L, "rules.accept.but-one.undecided", 0L,
                "rules.accept.no-tests.allowed", 0L, "rules.accept.no-tests.denied", 1L, "rules.accept.no-tests.undecided", 0L), counters());
        assertEquals(List.of(1L, 1L), rules.rules().stream().map(RuleStatus::matched).toList());
        List<ServiceReference<EventValidator>> validator = services(EventValidator.class);
        assertEquals(1, validator.size());
        deny.update(new Hashtable<>(Map.of("action", "deny", "order", 2)));
        eventually("the edit is in force", SECONDS, () -> rules.rules().get(1).condition().equals("every event"));
        assertEquals(Receipt.Status.REFUSED, submit("four", "observation").status());
        assertEquals("edited in place", validator, services(EventValidator.class));
        allow.delete();
        awaitRules("no-tests");
        deny.delete();
        awaitRules();
        assertEquals(List.of(), services(EventValidator.class));
        assertEquals(Receipt.Status.ACCEPTED, submit("five", "test").status());
    }

    @Test
    public void shouldLetNothingPassWhileTheFilterLanguageIsAwayAndHeal() throws Exception {
        create(ACCEPT, "none", Map.of("action", "deny", "roles", new String[] {"test"}, "filter", "//Who"));
        awaitRules("none");
        assertEquals(Receipt.Status.REFUSED, submit("refused", "test").status());
        Bundle filtering = bundle("org.bolide.filtering");
        try {
            filtering.stop();
            assertEquals("the filter language xpath is not installed", rules.rules().get(0).fault().get());
            Receipt later = submit("later", "test");
            assertEquals(Receipt.Status.UNAVAILABLE, later.status());
            assertEquals("rule \"none\" cannot decide: the filter language xpath is not installed", later.reason());
            assertEquals("who is not concerned is served", Receipt.Status.ACCEPTED, submit("others", "observation").status());
        } finally {
            filtering.start();
        }
        eventually("the rule decides again", SECONDS, () -> submit("refused", "test").status() == Receipt.Status.REFUSED);
        assertFalse(rules.rules().get(0).fault().isPresent());
    }

    @Test
    public void shouldTellWhoeverRelaysWhoMayHaveWhat() throws Exception {
        create(FILTER, "institute", Map.of("action", "allow", "from", new String[] {"192.0.2.0/24"}));
        awaitRules("institute");
        InetAddress inside = InetAddress.getByName("192.0.2.7");
        InetAddress outside = InetAddress.getByName("198.51.100.1");
        ServiceReference<RelayPolicy> first = services(RelayPolicy.class).get(0);
        assertEquals(Set.of("xpath", "xquery"), context.getService(first).audienceOf("broadcaster.public", inside).filterLanguages());
        assertEquals(Set.of("xpath"), context.getService(first).audienceOf("broadcaster.public", outside).filterLanguages());
        create(RELAY, "inside", Map.of("action", "deny", "to", new String[] {"198.51.100.0/24"}));
        awaitRules("inside", "institute");
        assertEquals(1, services(RelayPolicy.class).size());
        assertFalse("registered again", first.equals(services(RelayPolicy.class).get(0)));
    }

    private Configuration create(String pid, String name, Map<String, Object> values) throws IOException {
        Configuration created = admin.getFactoryConfiguration(pid, name, "?");
        created.update(new Hashtable<>(values));
        return created;
    }

    private void awaitRules(String... names) throws Exception {
        eventually("the rules are " + List.of(names), SECONDS,
                () -> rules.rules().stream().map(RuleStatus::name).toList().equals(List.of(names)));
    }

    private Map<String, Long> counters() throws InvalidSyntaxException {
        return context.getService(context.getServiceReferences(Counters.class, "(bolide.component=rules)").iterator().next()).counters();
    }

    /** Those of the rules; listeners and subscriptions may have some of their own. */
    private <T> List<ServiceReference<T>> services(Class<T> type) throws InvalidSyntaxException {
        Collection<ServiceReference<T>> found = context.getServiceReferences(type, null);
        return found.stream().filter(service -> service.getBundle().getSymbolicName().equals("org.bolide.rules")).collect(toList());
    }

    private Receipt submit(String name, String role) throws Exception {
        String event = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\" version=\"2.0\" role=\""
                + role + "\" ivorn=\"ivo://test.author/rules#" + name + "\"><Who><AuthorIVORN>ivo://test.author/who</AuthorIVORN>"
                + "<Date>2026-03-20T12:00:00</Date></Who></voe:VOEvent>";
        return intake.submit(Submission.fromAuthor(ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)), "192.0.2.7:41234"))
                .toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Bundle bundle(String name) {
        return Stream.of(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
    }

    private int startLevel(String name) {
        return bundle(name).adapt(BundleStartLevel.class).getStartLevel();
    }
}
