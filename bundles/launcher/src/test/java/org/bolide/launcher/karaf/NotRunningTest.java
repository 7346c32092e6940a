package org.bolide.launcher.karaf;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.junit.jupiter.api.Test;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NotRunningTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final NotRunning health = new NotRunning();

    private static ComponentConfigurationDTO component(String bundle, String pid, int state) {
        ComponentConfigurationDTO component = MemoryConfigurations.component(pid, state);
        component.description.bundle = new BundleDTO();
        component.description.bundle.symbolicName = bundle;
        return component;
    }

    private static ComponentConfigurationDTO failed(String bundle, String pid) {
        ComponentConfigurationDTO component = component(bundle, pid, ComponentConfigurationDTO.FAILED_ACTIVATION);
        component.failure = "java.io.IOException: Port 8098 is taken\n\tat a.b";
        return component;
    }

    @Test
    void shouldSayWhichListenerHasNoPortAndWhy() {
        ComponentConfigurationDTO receiver = failed("org.bolide.transport", "org.bolide.transport.receiver~site.a");
        health.look(List.of(receiver), NOW);
        health.look(List.of(receiver), NOW.plusSeconds(60));
        Problem problem = health.problems().get(0);
        assertEquals(Weight.NOT_READY, problem.weight());
        assertEquals("receiver.site.a", problem.subject());
        assertTrue(problem.text().startsWith("etc/org.bolide.transport.receiver~site.a.cfg.json: Port 8098 is taken ("), problem.text());
        assertEquals(Optional.of(NOW), problem.since());
        health.look(List.of(), NOW);
        assertEquals(List.of(), health.problems());
    }

    @Test
    void shouldNotCallTheBrokerUnreadyForWhatIsNotItsOwn() {
        health.look(List.of(failed("com.example.other", "com.example.other")), NOW);
        assertEquals(Weight.WARNING, health.problems().get(0).weight());
        assertEquals("other", health.problems().get(0).subject());
    }

    @Test
    void shouldSayWhatWaitsForLong() {
        ComponentConfigurationDTO broadcaster =
                component("org.bolide.transport", "org.bolide.transport.broadcaster~public", ComponentConfigurationDTO.UNSATISFIED_REFERENCE);
        UnsatisfiedReferenceDTO reference = new UnsatisfiedReferenceDTO();
        reference.name = "log";
        broadcaster.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {reference};
        health.look(List.of(broadcaster), NOW);
        assertEquals(List.of(), health.problems());
        health.look(List.of(broadcaster), NOW.plusSeconds(10));
        assertEquals("broadcaster.public", health.problems().get(0).subject());
        assertTrue(health.problems().get(0).text().endsWith("it waits for log"), health.problems().get(0).text());
    }

    @Test
    void shouldSayNothingOfWhatRuns() {
        health.look(List.of(component("org.bolide.transport", "a.b", ComponentConfigurationDTO.ACTIVE)), NOW);
        assertEquals(List.of(), health.problems());
    }
}
