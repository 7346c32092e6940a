package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

import org.bolide.api.BrokerEventHandler;
import org.bolide.api.FilterLanguage;
import org.bolide.api.KeptState;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Deliveries;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Latencies;
import org.bolide.api.management.LatencyHistogram;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each handler that is registered a lane, and takes it back when the handler goes. */
@Component(
        service = {HandlerHost.class, Lanes.class, HealthCheck.class, Latencies.class, Deliveries.class},
        immediate = true,
        configurationPid = HandlerHost.PID,
        property = "bolide.component=lanes")
@Designate(ocd = HandlerHost.Config.class)
public final class HandlerHost implements Lanes, HealthCheck, Latencies, Deliveries {

    static final String PID = "org.bolide.broker.lanes";

    private static final Logger LOG = LoggerFactory.getLogger(HandlerHost.class);

    @ObjectClassDefinition(
            name = "Lanes",
            description = "How often a failing handler is called again, and how long a stopping one may take.")
    @interface Config {

        @AttributeDefinition(
                name = "Retries",
                description = "How often an event that failed is tried again before it becomes a dead letter.",
                min = "0")
        int retries() default 10;

        @AttributeDefinition(
                name = "First pause",
                description = "The pause before the first retry; it doubles with each.",
                min = "1")
        int retryFirstSeconds() default 1;

        @AttributeDefinition(name = "Longest pause", description = "The longest pause between retries.", min = "1")
        int retryLongestSeconds() default 60;

        @AttributeDefinition(
                name = "Patience",
                description = "How long a handler may go on when it is removed, before it is interrupted.",
                min = "0")
        int stopSeconds() default 10;
    }

    /** A registered handler; without a lane while its name is taken. */
    private record Registered(long serviceId, BrokerEventHandler handler, LaneSpec spec, Optional<Lane> lane) {

        boolean isCalled(String name) {
            return spec.name().equals(name);
        }
    }

    private final DurableLog log;
    private final DeadLetterBox letters;
    private final LongFunction<String> bundles;
    private final Handling.Retry retry;
    private final Duration patience;
    private final Pauses pauses;
    private final DeliveryBook deliveries = new DeliveryBook();
    private final LaneFilters filters = new LaneFilters();
    private final Map<Long, Registered> handlers = new TreeMap<>();
    private final Map<Long, Problem> unusable = new ConcurrentHashMap<>();

    @Activate
    public HandlerHost(@Reference DurableLog log, @Reference KeptState kept, @Reference DeadLetterBox letters, BundleContext context, Config config) {
        this(log, kept, letters, id -> nameOf(context.getBundle(id)), new Handling.Retry(config.retries(),
                Duration.ofSeconds(config.retryFirstSeconds()), Duration.ofSeconds(config.retryLongestSeconds())), Duration.ofSeconds(config.stopSeconds()));
    }

    /** @param bundles the symbolic name and version of a bundle, by its id */
    HandlerHost(DurableLog log, KeptState kept, DeadLetterBox letters, LongFunction<String> bundles, Handling.Retry retry, Duration patience) {
        this.log = log;
        this.letters = letters;
        this.bundles = bundles;
        this.retry = retry;
        this.patience = patience;
        pauses = new Pauses(kept);
    }

    private static String nameOf(Bundle bundle) {
        return bundle == null ? "no bundle" : bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    @Deactivate
    void stop() {
        List<Lane> open = open();
        synchronized (handlers) {
            handlers.clear();
        }
        open.forEach(Lane::beginToStop);
        open.forEach(lane -> lane.stop(patience));
    }

    private List<Lane> open() {
        synchronized (handlers) {
            return handlers.values().stream().flatMap(registered -> registered.lane.stream()).toList();
        }
    }

    // ---- handlers come and go

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHandler(BrokerEventHandler handler, Map<String, Object> properties) {
        long serviceId = (Long) properties.get("service.id");
        String bundle = bundles.apply((Long) properties.get("service.bundleid"));
        LaneSpec spec;
        try {
            spec = LaneSpec.of(properties, bundle);
        } catch (IllegalArgumentException e) {
            String text = "the handler %s of bundle %s is not used: %s".formatted(handler.getClass().getName(), bundle, e.getMessage());
            LOG.error(text);
            unusable.put(serviceId, LaneProblems.problem(handler.getClass().getName(), text, Optional.of(Instant.now())));
            return;
        }
        synchronized (handlers) {
            handlers.put(serviceId, new Registered(serviceId, handler, spec, Optional.empty()));
            laneOf(spec.name()).ifPresent(first -> LOG.warn("{} has the name of another, of {}: it waits until that is gone. Change its {}", spec.who(),
                    first.spec().bundle(), BrokerEventHandler.NAME));
        }
        openLanes();
    }

    void updatedHandler(BrokerEventHandler handler, Map<String, Object> properties) {
        unbindHandler(handler, properties);
        bindHandler(handler, properties);
    }

    void unbindHandler(BrokerEventHandler handler, Map<String, Object> properties) {
        long serviceId = (Long) properties.get("service.id");
        unusable.remove(serviceId);
        Registered gone;
        synchronized (handlers) {
            gone = handlers.get(serviceId);
        }
        if (gone == null) {
            return;
        }
        // Its name stays taken until the handler has ended; foreign code runs, so no lock is held.
        gone.lane.ifPresent(lane -> {
            lane.stop(patience);
            LOG.info("handler {} is gone; its place is kept ({})", gone.spec.name(), gone.spec.bundle());
        });
        synchronized (handlers) {
            handlers.remove(serviceId);
        }
        openLanes();
    }

    /** Gives a lane to each handler that has none and whose name is free, the oldest service first. */
    private void openLanes() {
        List<Lane> opened = new ArrayList<>();
        synchronized (handlers) {
            for (Registered registered : List.copyOf(handlers.values())) {
                if (registered.lane.isEmpty() && laneOf(registered.spec.name()).isEmpty()) {
                    Lane lane = new Lane(registered.spec, registered.handler, log, letters, deliveries, retry, pauses.since(registered.spec.name()));
                    handlers.put(registered.serviceId, new Registered(registered.serviceId, registered.handler,
                            registered.spec, Optional.of(lane)));
                    opened.add(lane);
                }
            }
        }
        // The filter's language is foreign code, so no lock is held.
        for (Lane lane : opened) {
            lane.pausedSince().ifPresent(since -> LOG.info("{} is paused since {}: \"handlers resume {}\" has it go on", lane.spec().who(), since,
                    lane.spec().name()));
            filters.set(lane);
            lane.start();
        }
    }

    private Optional<Lane> laneOf(String name) {
        return handlers.values().stream().filter(registered -> registered.isCalled(name)).flatMap(registered -> registered.lane.stream()).findFirst();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLanguage(FilterLanguage language, Map<String, Object> properties) {
        String name = String.valueOf(properties.get(FilterLanguage.LANGUAGE));
        filters.add(name, language);
        setFilters(name);
    }

    void unbindLanguage(FilterLanguage language, Map<String, Object> properties) {
        String name = String.valueOf(properties.get(FilterLanguage.LANGUAGE));
        if (filters.remove(name, language)) {
            setFilters(name);
        }
    }

    private void setFilters(String language) {
        open().stream()
                .filter(lane -> lane.spec().filter().isPresent() && lane.spec().language().equals(language))
                .forEach(filters::set);
    }

    // ---- what an operator wants

    /** The lane of the handler with this name, if one runs. */
    Optional<Lane> find(String name) {
        synchronized (handlers) {
            return laneOf(name);
        }
    }

    private Lane lane(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no handler is called \"%s\"; there are: %s"
                .formatted(name, open().stream().map(lane -> lane.spec().name()).sorted().collect(Collectors.joining(", ")))));
    }

    @Override
    public void pause(String handler) {
        lane(handler);
        synchronized (pauses) {
            Instant since = pauses.add(handler);
            // Looked for again: a lane that was opened before the pause was noted is told, a later one has seen it.
            find(handler).ifPresent(lane -> lane.pause(since));
        }
        LOG.info("handler {} is paused: \"handlers resume {}\" has it go on", handler, handler);
    }

    @Override
    public void resume(String handler) {
        synchronized (pauses) {
            if (pauses.since(handler).isEmpty()) {
                lane(handler); // there must be one of the two
            }
            pauses.remove(handler);
            find(handler).ifPresent(Lane::resume);
        }
        LOG.info("handler {} goes on", handler);
    }

    @Override
    public long move(String handler, ReaderSpec.Start to) throws InterruptedException {
        return lane(handler).move(to);
    }

    @Override
    public OptionalLong skip(String handler) {
        return lane(handler).skip();
    }

    // ---- what there is to see

    @Override
    public List<LaneStatus> lanes() {
        List<LaneStatus> lanes = new ArrayList<>();
        for (Registered registered : registered()) {
            lanes.add(registered.lane.map(Lane::status).orElseGet(() -> new LaneStatus(
                    registered.spec.name(), registered.spec.bundle(), State.NAME_TAKEN, 0, 0, 0, 0, 0, 0, Optional.empty(),
                    Optional.of("another handler has the same name"))));
        }
        lanes.sort(Comparator.comparing(LaneStatus::handler));
        return lanes;
    }

    private List<Registered> registered() {
        synchronized (handlers) {
            return List.copyOf(handlers.values());
        }
    }

    @Override
    public List<Problem> problems() {
        return problems(Instant.now());
    }

    List<Problem> problems(Instant now) {
        List<Problem> problems = new ArrayList<>(unusable.values());
        for (Registered registered : registered()) {
            if (registered.lane.isPresent()) {
                problems.addAll(LaneProblems.of(registered.lane.get(), now));
            } else {
                String name = registered.spec.name();
                problems.add(LaneProblems.problem(name, "two handlers are called so, and that of %s is not used; change its %s"
                        .formatted(registered.spec.bundle(), BrokerEventHandler.NAME), Optional.empty()));
            }
        }
        return problems;
    }

    @Override
    public SortedMap<String, LatencyHistogram> latencies() {
        SortedMap<String, LatencyHistogram> latencies = new TreeMap<>();
        open().forEach(lane -> latencies.put("handle." + lane.spec().name(), lane.times()));
        return latencies;
    }

    @Override
    public List<Delivery> of(long sequence) {
        return deliveries.of(sequence);
    }

    @Override
    public Instant since() {
        return deliveries.since();
    }
}
