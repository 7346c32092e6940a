package org.bolide.launcher.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.HealthCheck;
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
 * Afterwards it looks once a second, and says once of each component that could not start what its operator can do.
 * Keeps the file with the process's id. A run that is there for one command ends with that command's process.
 */
@Component(service = {}, immediate = true)
public final class Startup {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final long PERIOD_MILLIS = 100;
    private static final long LATER_PERIOD_MILLIS = 1000;
    private static final long PATIENCE_SECONDS = 60;
    private static final Set<String> MANAGED =
            Set.of(ManagedService.class.getName(), ManagedServiceFactory.class.getName());

    private final BundleContext context;
    private final Components components;
    private final RunFile run;
    private final Consumer<String> fail;
    private final End end;
    // Discarded is only what comes after stop.
    private final ScheduledExecutorService watch = new ScheduledThreadPoolExecutor(1,
            task -> new Thread(task, "launcher-watch"), new ThreadPoolExecutor.DiscardPolicy());
    private final long begunAt = System.nanoTime();
    private final NotRunning notRunning = new NotRunning();
    private boolean up;
    /** By component: the failure that was said. */
    private final Map<Long, String> said = new HashMap<>();

    @Activate
    public Startup(BundleContext context, @Reference ServiceComponentRuntime components) throws IOException {
        this(context, components, Run.load(), reason -> Signals.fail(context, reason), new End() {
            @Override
            public void up(BrokerRun completed, HealthCheck notRunning) {
                context.registerService(HealthCheck.class, notRunning, null);
                context.registerService(BrokerRun.class, completed, null);
            }

            @Override
            public void stop() {
                new Thread(() -> Signals.stop(context), "launcher-stop").start();
            }
        });
        Signals.stopCleanly(context);
    }

    private record Completed(String version, Instant since, OptionalLong command) implements BrokerRun {}

    /** What follows from what this watches; both return at once. */
    interface End {

        /**
         * The start is complete, and everybody shall know.
         *
         * @param notRunning knows from now on what should run and does not
         */
        void up(BrokerRun run, HealthCheck notRunning);

        /** The run is over. */
        void stop();
    }

    /** @param fail ends the process; returns at once */
    Startup(BundleContext context, ServiceComponentRuntime components, RunFile run, Consumer<String> fail, End end)
            throws IOException {
        this.fail = fail;
        this.end = end;
        this.context = context;
        this.components = new Components(components);
        this.run = run;
        if (run.pidFile().isPresent()) {
            Files.writeString(run.pidFile().get(), ProcessHandle.current().pid() + "\n");
        }
        watch.execute(this::look);
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
            if (run.errand().filter(errand -> ProcessHandle.of(errand.process()).filter(ProcessHandle::isAlive).isEmpty()).isPresent()) {
                LOG.info("the command has ended for which this broker was started");
                end.stop();
                return;
            }
            if (up) {
                sayFailures();
            } else {
                lookAtStart();
            }
            watch.schedule(this::look, up ? LATER_PERIOD_MILLIS : PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IllegalStateException e) {
            LOG.debug("no longer watching: the framework stops", e);
        }
    }

    private void lookAtStart() {
        Map<String, ComponentConfigurationDTO> known = new TreeMap<>();
        for (ComponentConfigurationDTO component : components.all()) {
            List<String> ids = Components.identities(component);
            boolean matters = Components.isOurs(component) || !Collections.disjoint(ids, run.expected());
            if (matters && Components.hasFailed(component)) {
                watch.shutdown();
                fail.accept("the broker cannot start: " + Failure.of(component));
                return;
            }
            ids.forEach(id -> known.put(id, component));
        }
        List<String> waiting =
                run.expected().stream().filter(id -> !runs(known.get(id)) && !isTakenOtherwise(id)).toList();
        boolean late = System.nanoTime() - begunAt > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        if (late || waiting.isEmpty() && isFrameworkUp()) {
            up = true;
            waiting.forEach(id -> LOG.warn("{} has not started within {} s: {}", id, PATIENCE_SECONDS,
                    Failure.waitingFor(known.get(id))));
            List<String> running = run.expected().stream().filter(id -> !waiting.contains(id)).toList();
            LOG.info("Bolide runs in {}: {}", context.getProperty("karaf.base"),
                    running.isEmpty() ? "nothing configured" : String.join(", ", running));
            end.up(new Completed(context.getBundle().getVersion().toString(), Instant.now(), run.errand().map(errand -> OptionalLong.of(errand.process())).orElse(OptionalLong.empty())), notRunning);
        }
    }

    private void sayFailures() {
        Map<Long, ComponentConfigurationDTO> failed = new TreeMap<>();
        List<ComponentConfigurationDTO> all = components.all();
        notRunning.look(all, Instant.now());
        all.stream().filter(Components::hasFailed).forEach(component -> failed.put(component.id, component));
        said.keySet().retainAll(failed.keySet());
        failed.forEach((id, component) -> {
            String failure = String.valueOf(component.failure);
            if (!failure.equals(said.put(id, failure))) {
                LOG.error("{}", Failure.live(component));
            }
        });
    }

    /** Not every bundle is made of components: others ask Configuration Admin themselves. */
    private boolean isTakenOtherwise(String id) {
        return Arrays.stream(context.getBundles())
                .flatMap(bundle -> Stream.ofNullable(bundle.getRegisteredServices()).flatMap(Arrays::stream))
                .filter(service -> ConfigurationFile.pid(id).equals(service.getProperty(Constants.SERVICE_PID)))
                .anyMatch(service -> List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).stream()
                        .anyMatch(MANAGED::contains));
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
