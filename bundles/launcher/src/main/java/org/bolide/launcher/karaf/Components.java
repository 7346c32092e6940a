package org.bolide.launcher.karaf;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** What the component runtime says of configured components. Does not block, but for {@link #awaitEnd}. */
final class Components {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_MILLIS = 20;

    private final ServiceComponentRuntime runtime;

    Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    List<ComponentConfigurationDTO> all() {
        List<ComponentConfigurationDTO> all = new ArrayList<>();
        runtime.getComponentDescriptionDTOs()
                .forEach(description -> all.addAll(runtime.getComponentConfigurationDTOs(description)));
        return all;
    }

    /** Those of a configuration that could not start. */
    List<ComponentConfigurationDTO> failed(String id) {
        return all().stream().filter(component -> hasFailed(component) && identities(component).contains(id)).toList();
    }

    /** Waits until those are no more; false if some still are after five seconds, or if the thread is interrupted. */
    boolean awaitEnd(String id, List<ComponentConfigurationDTO> failed) {
        List<Long> numbers = failed.stream().map(component -> component.id).toList();
        long begunAt = System.nanoTime();
        try {
            while (failed(id).stream().anyMatch(component -> numbers.contains(component.id))) {
                if (System.nanoTime() - begunAt > PATIENCE_NANOS) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether it is one of this product's. */
    static boolean isOurs(ComponentConfigurationDTO component) {
        String bundle = component.description.bundle.symbolicName;
        return bundle != null && bundle.startsWith("org.bolide.");
    }

    /** By itself, not because of one that it needs. */
    static boolean hasFailed(ComponentConfigurationDTO component) {
        return component.state == ComponentConfigurationDTO.FAILED_ACTIVATION && !Failure.isConsequence(component);
    }

    /** A component may have several configurations, hence several ids. */
    static List<String> identities(ComponentConfigurationDTO component) {
        Object pid = component.properties.get("service.pid");
        if (pid instanceof String[] several) {
            return List.of(several);
        }
        if (pid instanceof Iterable<?> several) {
            List<String> texts = new ArrayList<>();
            several.forEach(value -> texts.add(value.toString()));
            return texts;
        }
        return pid == null ? List.of() : List.of(pid.toString());
    }
}
