package org.bolide.launcher.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.bolide.launcher.configuration.ConfigurationFile;
import org.bolide.launcher.configuration.RunFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a start is a start: until all that was asked for runs, it looks ten times a second on its own thread,
 * and ends the process with status 1 when a component of ours, or one with a configuration that was asked for, could not
 * start, instead of leaving a broker that idles. Whose bundle takes a configuration makes no difference.
 * Afterwards it looks no more: what fails then is logged by those that fail. Keeps the file with the process's id.
 */
@Component(service = {}, immediate = true)
public final class Startup {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final long PERIOD_MILLIS = 100;
    private static final long PATIENCE_SECONDS = 60;
    private static final Set<String> MANAGED =
            Set.of(ManagedService.class.getName(), ManagedServiceFactory.class.getName());

    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final RunFile run;
    private final Consumer<String> fail;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "launcher-startup"));
    private final long begunAt = System.nanoTime();

    @Activate
    public Startup(BundleContext context, @Reference ServiceComponentRuntime components) throws IOException {
        this(context, components, Run.load(), reason -> Signals.fail(context, reason));
        Signals.stopCleanly(context);
    }

    /** @param fail ends the process; returns at once */
    Startup(BundleContext context, ServiceComponentRuntime components, RunFile run, Consumer<String> fail)
            throws IOException {
        this.fail = fail;
        this.context = context;
        this.components = components;
        this.run = run;
        if (run.pidFile().isPresent()) {
            Files.writeString(run.pidFile().get(), ProcessHandle.current().pid() + "\n");
        }
        watch.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        watch.shutdownNow();
        if (run.pidFile().isPresent()) {
            Path file = run.pidFile().get();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("cannot remove {}: {}", file, e.getMessage());
            }
        }
    }

    private void look() {
        try {
            Map<String, ComponentConfigurationDTO> known = new TreeMap<>();
            for (ComponentConfigurationDTO configuration : configurations()) {
                List<String> ids = identities(configuration);
                boolean matters = isOurs(configuration) || !Collections.disjoint(ids, run.expected());
                if (matters && configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    watch.shutdown();
                    fail.accept("the broker cannot start: " + Failure.of(configuration));
                    return;
                }
                ids.forEach(id -> known.put(id, configuration));
            }
            List<String> waiting =
                    run.expected().stream().filter(id -> !runs(known.get(id)) && !isTakenOtherwise(id)).toList();
            boolean late = System.nanoTime() - begunAt > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            if (late || waiting.isEmpty() && isFrameworkUp()) {
                watch.shutdown();
                waiting.forEach(id -> LOG.warn("{} has not started within {} s: {}", id, PATIENCE_SECONDS,
                        Failure.waitingFor(known.get(id))));
                List<String> running = run.expected().stream().filter(id -> !waiting.contains(id)).toList();
                LOG.info("Bolide runs in {}: {}", context.getProperty("karaf.base"),
                        running.isEmpty() ? "nothing configured" : String.join(", ", running));
            }
        } catch (IllegalStateException e) {
            // The framework stops while we look.
            LOG.debug("no longer watching the start", e);
            watch.shutdown();
        }
    }

    private List<ComponentConfigurationDTO> configurations() {
        List<ComponentConfigurationDTO> all = new ArrayList<>();
        components.getComponentDescriptionDTOs()
                .forEach(description -> all.addAll(components.getComponentConfigurationDTOs(description)));
        return all;
    }

    private static boolean isOurs(ComponentConfigurationDTO configuration) {
        String bundle = configuration.description.bundle.symbolicName;
        return bundle != null && bundle.startsWith("org.bolide.");
    }

    /** Not every bundle is made of components: others ask Configuration Admin themselves. */
    private boolean isTakenOtherwise(String id) {
        return Arrays.stream(context.getBundles())
                .flatMap(bundle -> Stream.ofNullable(bundle.getRegisteredServices()).flatMap(Arrays::stream))
                .filter(service -> ConfigurationFile.pid(id).equals(service.getProperty(Constants.SERVICE_PID)))
                .anyMatch(service -> List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).stream()
                        .anyMatch(MANAGED::contains));
    }

    /** A component may have several configurations, hence several ids. */
    private static List<String> identities(ComponentConfigurationDTO configuration) {
        Object pid = configuration.properties.get("service.pid");
        if (pid instanceof String[] several) {
            return List.of(several);
        }
        return pid instanceof Iterable<?> several
                ? toStrings(several)
                : pid == null ? List.of() : List.of(pid.toString());
    }

    private static List<String> toStrings(Iterable<?> values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.toString()));
        return texts;
    }

    /** A delayed component that nobody has asked for yet is as good as running. */
    private static boolean runs(ComponentConfigurationDTO configuration) {
        return configuration != null
                && (configuration.state == ComponentConfigurationDTO.ACTIVE
                        || configuration.state == ComponentConfigurationDTO.SATISFIED && !configuration.description.immediate);
    }

    private boolean isFrameworkUp() {
        FrameworkStartLevel level = context.getBundle(0).adapt(FrameworkStartLevel.class);
        return context.getBundle(0).getState() == Bundle.ACTIVE
                && level.getStartLevel() >= level.getInitialBundleStartLevel();
    }
}
