package org.bolide.launcher.karaf;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.management.HealthCheck;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/**
 * What has a configuration and does not run: a listener whose port is taken, a handler whose folder is gone. Such a component cannot
 * say so itself. Told by one thread, asked by any.
 */
final class NotRunning implements HealthCheck {

    /** A component that is being replaced waits for a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** By component: since when it does not run. */
    private final Map<Long, Instant> since = new HashMap<>();
    private volatile List<Problem> problems = List.of();

    /** Looks at all components. */
    void look(List<ComponentConfigurationDTO> components, Instant now) {
        List<Problem> found = new ArrayList<>();
        Map<Long, Instant> still = new HashMap<>();
        for (ComponentConfigurationDTO component : components) {
            boolean failed = Components.hasFailed(component);
            boolean waits = component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE && !Components.identities(component).isEmpty();
            if (!failed && !waits) {
                continue;
            }
            Instant begun = since.getOrDefault(component.id, now);
            still.put(component.id, begun);
            if (failed) {
                found.add(new Problem(Components.isOurs(component) ? Weight.NOT_READY : Weight.WARNING, subject(component), Failure.live(component),
                        Optional.of(begun), Optional.empty()));
            } else if (Duration.between(begun, now).compareTo(PATIENCE) >= 0) {
                found.add(new Problem(Weight.WARNING, subject(component),
                        component.description.name + " is configured but does not run: " + Failure.waitingFor(component), Optional.of(begun), Optional.empty()));
            }
        }
        since.clear();
        since.putAll(still);
        problems = List.copyOf(found);
    }

    /** {@code receiver.public} for {@code org.bolide.transport.receiver~public}, as the component calls itself. */
    private static String subject(ComponentConfigurationDTO component) {
        List<String> ids = Components.identities(component);
        String id = ids.isEmpty() ? component.description.name : ids.get(0);
        return id.substring(id.lastIndexOf('.', id.indexOf('~') < 0 ? id.length() : id.indexOf('~')) + 1).replace('~', '.');
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }
}
