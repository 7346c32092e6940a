package org.bolide.launcher.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.core.ConditionTimeoutException;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.HealthCheck;
import org.bolide.launcher.configuration.RunFile;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class StartupTest {

    private static final String STORE = "org.bolide.eventstore";
    private static final String RECEIVER = "org.bolide.transport.receiver~public";

    @TempDir
    private Path folder;

    private final List<ComponentConfigurationDTO> components = new CopyOnWriteArrayList<>();
    private final List<ServiceReference<?>> services = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final CompletableFuture<BrokerRun> up = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private Optional<RunFile.Errand> errand = Optional.empty();
    private Startup startup;
    private volatile HealthCheck health;

    @AfterEach
    void stop() {
        startup.stop();
    }

    private void start(Optional<Path> pidFile) throws IOException {
        FrameworkStartLevel level = MemoryConfigurations.proxy(FrameworkStartLevel.class, (proxy, method, arguments) -> 100);
        Bundle bundle = MemoryConfigurations.proxy(Bundle.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getSymbolicName" -> "org.bolide.test";
            case "getState" -> Bundle.ACTIVE;
            case "getVersion" -> Version.parseVersion("1.2.3");
            case "adapt" -> level;
            case "getRegisteredServices" -> services.toArray(ServiceReference<?>[]::new);
            default -> throw new UnsupportedOperationException(method.toString());
        });
        BundleContext context = MemoryConfigurations.proxy(BundleContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getBundles" -> new Bundle[] {bundle};
            case "getBundle" -> bundle;
            case "getProperty" -> "/base";
            default -> throw new UnsupportedOperationException(method.toString());
        });
        startup = new Startup(context, MemoryConfigurations.runtime(components), new RunFile(Map.of(), List.of(), List.of(STORE, RECEIVER), pidFile, errand), failure::complete, new Startup.End() {
            @Override
            public void up(BrokerRun run, HealthCheck notRunning) {
                health = notRunning;
                up.complete(run);
            }

            @Override
            public void stop() {
                stopped.complete(null);
            }
        });
    }

    private ComponentConfigurationDTO component(String pid, int state, boolean immediate) {
        return component("org.bolide.test", pid, state, immediate);
    }

    private ComponentConfigurationDTO component(String bundle, String pid, int state, boolean immediate) {
        ComponentConfigurationDTO component = MemoryConfigurations.component(pid, state);
        component.description.bundle = new BundleDTO();
        component.description.bundle.symbolicName = bundle;
        component.description.immediate = immediate;
        return component;
    }

    @Test
    void shouldSayWhenAllIsRunningAndNotBefore() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            components.add(component(STORE, ComponentConfigurationDTO.SATISFIED, false));
            ComponentConfigurationDTO receiver = component(RECEIVER, ComponentConfigurationDTO.SATISFIED, true);
            components.add(receiver);
            start(Optional.empty());
            assertThrows(ConditionTimeoutException.class,
                    () -> await().atMost(1, SECONDS).until(() -> log.text().contains("runs in")));
            components.set(1, component(RECEIVER, ComponentConfigurationDTO.ACTIVE, true));
            await().until(() -> log.text().contains("Bolide runs in /base: " + STORE + ", " + RECEIVER));
            assertFalse(failure.isDone());
            await().until(() -> up.isDone() && up.join().command().isEmpty());
        }
    }

    @Test
    void shouldEndARunForACommandWithTheCommand() throws Exception {
        Process command = new ProcessBuilder("cat").start();
        errand = Optional.of(new RunFile.Errand(List.of(), command.pid()));
        components.add(component(STORE, ComponentConfigurationDTO.ACTIVE, true));
        components.add(component(RECEIVER, ComponentConfigurationDTO.ACTIVE, true));
        start(Optional.empty());
        assertEquals(command.pid(), up.get(10, SECONDS).command().getAsLong());
        assertFalse(stopped.isDone());
        command.destroy();
        stopped.get(10, SECONDS);
    }

    @Test
    void shouldEndTheProcessWhenAComponentCannotStart() throws Exception {
        ComponentConfigurationDTO store = component(STORE, ComponentConfigurationDTO.FAILED_ACTIVATION, false);
        store.failure = "java.io.IOException: /x is in use by another broker\n\tat a.b";
        components.add(store);
        start(Optional.empty());
        assertEquals("the broker cannot start: " + STORE + ": /x is in use by another broker", failure.get(10, SECONDS));
    }

    @Test
    void shouldNameTheCauseAndNotWhatFollowsFromIt() throws Exception {
        ComponentConfigurationDTO log = component("org.bolide.log", ComponentConfigurationDTO.FAILED_ACTIVATION, true);
        log.failure = "org.apache.felix.scr.impl.inject.ActivationException: Unable to get service for reference $000\n\tat a.b";
        components.add(log);
        start(Optional.empty());
        assertThrows(ConditionTimeoutException.class, () -> await().atMost(1, SECONDS).until(failure::isDone));
        ComponentConfigurationDTO store = component(STORE, ComponentConfigurationDTO.FAILED_ACTIVATION, false);
        store.failure = "java.io.IOException: /x is in use by another broker\n\tat a.b";
        components.add(store);
        assertEquals("the broker cannot start: " + STORE + ": /x is in use by another broker", failure.get(10, SECONDS));
    }

    @Test
    void shouldJudgeAConfigurationByItsComponentWhosesoeverBundleThatIs() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            components.add(component("com.example.other", "com.example.unasked", ComponentConfigurationDTO.FAILED_ACTIVATION, true));
            components.add(component("com.example.handler", STORE, ComponentConfigurationDTO.ACTIVE, true));
            components.add(component("com.example.handler", RECEIVER, ComponentConfigurationDTO.ACTIVE, true));
            start(Optional.empty());
            await().until(() -> log.text().contains("Bolide runs in /base: " + STORE + ", " + RECEIVER));
            assertFalse(failure.isDone());
        }
    }

    @Test
    void shouldEndTheProcessWhenAnotherBundlesComponentCannotStartThatWasAskedFor() throws Exception {
        ComponentConfigurationDTO receiver =
                component("com.example.handler", RECEIVER, ComponentConfigurationDTO.FAILED_ACTIVATION, true);
        receiver.failure = "java.io.IOException: no such queue\n\tat a.b";
        components.add(receiver);
        start(Optional.empty());
        assertEquals("the broker cannot start: " + RECEIVER + ": no such queue", failure.get(10, SECONDS));
    }

    @Test
    void shouldCountAConfigurationAsTakenThatABundleWithoutComponentsManages() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            components.add(component(STORE, ComponentConfigurationDTO.ACTIVE, true));
            services.add(MemoryConfigurations.proxy(ServiceReference.class, (proxy, method, arguments) ->
                    arguments[0].equals("service.pid")
                            ? "org.bolide.transport.receiver"
                            : new String[] {"org.osgi.service.cm.ManagedServiceFactory"}));
            start(Optional.empty());
            await().until(() -> log.text().contains("Bolide runs in /base: " + STORE + ", " + RECEIVER));
        }
    }

    @Test
    void shouldSayOnceWhatFailsLater() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            components.add(component(STORE, ComponentConfigurationDTO.ACTIVE, true));
            components.add(component(RECEIVER, ComponentConfigurationDTO.ACTIVE, true));
            start(Optional.empty());
            await().until(() -> log.text().contains("Bolide runs in"));
            ComponentConfigurationDTO failed =
                    component("com.example.handler", RECEIVER, ComponentConfigurationDTO.FAILED_ACTIVATION, true);
            failed.failure = "java.io.IOException: Port 1 is taken\n\tat a.b";
            components.set(1, failed);
            String said = "etc/" + RECEIVER + ".cfg.json: Port 1 is taken (" + RECEIVER + " does not run; correct the file";
            await().until(() -> log.text().contains(said));
            assertEquals(List.of("receiver.public"), health.problems().stream().map(HealthCheck.Problem::subject).toList());
            assertEquals(true, health.problems().get(0).text().startsWith(said));
            failed.failure = failed.failure.replace("1", "2");
            await().until(() -> log.text().contains("Port 2"));
            assertEquals(log.text().indexOf("Port 1"), log.text().lastIndexOf("Port 1"), log.text());
            assertFalse(failure.isDone());
            components.set(1, component(RECEIVER, ComponentConfigurationDTO.ACTIVE, true));
            await().until(() -> health.problems().isEmpty());
        }
    }

    @Test
    void shouldKeepTheFileWithTheProcessesId() throws IOException {
        Path file = folder.resolve("b.pid");
        start(Optional.of(file));
        assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(file));
        startup.stop();
        assertFalse(Files.exists(file));
    }
}
