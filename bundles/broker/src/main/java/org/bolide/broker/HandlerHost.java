package org.bolide.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Lanes;
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
@Component(service = Lanes.class, immediate = true, configurationPid = HandlerHost.PID)
@Designate(ocd = HandlerHost.Config.class)
public final class HandlerHost implements Lanes {

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

    /** A registered handler; without a lane while its name is taken or its properties are wrong. */
    private record Registered(long serviceId, BrokerEventHandler handler, LaneSpec spec, Optional<Lane> lane) {}

    private final DurableLog log;
    private final Lane.Retry retry;
    private final Duration patience;
    private final Map<Long, Registered> handlers = new TreeMap<>();
    private final Map<String, FilterLanguage> languages = new ConcurrentHashMap<>();

    @Activate
    public HandlerHost(@Reference DurableLog log, Config config) {
        this(log, new Lane.Retry(config.retries(), Duration.ofSeconds(config.retryFirstSeconds()),
                Duration.ofSeconds(config.retryLongestSeconds())), Duration.ofSeconds(config.stopSeconds()));
    }

    HandlerHost(DurableLog log, Lane.Retry retry, Duration patience) {
        this.log = log;
        this.retry = retry;
        this.patience = patience;
    }

    @Deactivate
    void stop() {
        List<Lane> lanes;
        synchronized (handlers) {
            lanes = handlers.values().stream().flatMap(registered -> registered.lane.stream()).toList();
            handlers.clear();
        }
        lanes.forEach(Lane::beginToStop);
        lanes.forEach(lane -> lane.stop(patience));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindHandler(BrokerEventHandler handler, Map<String, Object> properties) {
        long serviceId = (Long) properties.get("service.id");
        LaneSpec spec;
        try {
            spec = LaneSpec.of(properties);
        } catch (IllegalArgumentException e) {
            LOG.error("the handler {} of bundle {} is not used: {}", handler.getClass().getName(),
                    properties.get("service.bundleid"), e.getMessage());
            return;
        }
        synchronized (handlers) {
            handlers.put(serviceId, new Registered(serviceId, handler, spec, Optional.empty()));
            if (laneOf(spec.name()).isPresent()) {
                LOG.warn("a second handler is called {}: it waits until the first is gone. Change its {}", spec.name(),
                        BrokerEventHandler.NAME);
            }
        }
        openLanes();
    }

    void updatedHandler(BrokerEventHandler handler, Map<String, Object> properties) {
        unbindHandler(handler, properties);
        bindHandler(handler, properties);
    }

    void unbindHandler(BrokerEventHandler handler, Map<String, Object> properties) {
        Registered gone;
        synchronized (handlers) {
            gone = handlers.get((Long) properties.get("service.id"));
        }
        if (gone == null) {
            return;
        }
        // Its name stays taken until the handler has ended; foreign code runs, so no lock is held.
        gone.lane.ifPresent(lane -> {
            lane.stop(patience);
            LOG.info("handler {} is gone; its place is kept", gone.spec.name());
        });
        synchronized (handlers) {
            handlers.remove(gone.serviceId);
        }
        openLanes();
    }

    /** Gives a lane to each handler that has none and whose name is free, the oldest service first. */
    private void openLanes() {
        List<Lane> opened = new ArrayList<>();
        synchronized (handlers) {
            for (Registered registered : List.copyOf(handlers.values())) {
                if (registered.lane.isEmpty() && laneOf(registered.spec.name()).isEmpty()) {
                    Lane lane = new Lane(registered.spec, registered.handler, log, retry, Optional.empty());
                    handlers.put(registered.serviceId, new Registered(registered.serviceId, registered.handler,
                            registered.spec, Optional.of(lane)));
                    opened.add(lane);
                }
            }
        }
        // The filter's language is foreign code, so no lock is held.
        for (Lane lane : opened) {
            setFilter(lane);
            lane.start();
        }
    }

    private Optional<Lane> laneOf(String name) {
        return handlers.values().stream()
                .flatMap(registered -> registered.lane.stream())
                .filter(lane -> lane.spec().name().equals(name))
                .findFirst();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLanguage(FilterLanguage language, Map<String, Object> properties) {
        languages.put(nameOf(properties), language);
        setFilters(nameOf(properties));
    }

    void unbindLanguage(FilterLanguage language, Map<String, Object> properties) {
        if (languages.remove(nameOf(properties), language)) {
            setFilters(nameOf(properties));
        }
    }

    private static String nameOf(Map<String, Object> properties) {
        return String.valueOf(properties.get(FilterLanguage.LANGUAGE));
    }

    private void setFilters(String language) {
        List<Lane> lanes;
        synchronized (handlers) {
            lanes = handlers.values().stream().flatMap(registered -> registered.lane.stream()).toList();
        }
        lanes.stream()
                .filter(lane -> lane.spec().filter().isPresent() && lane.spec().language().equals(language))
                .forEach(this::setFilter);
    }

    private void setFilter(Lane lane) {
        LaneSpec spec = lane.spec();
        if (spec.filter().isEmpty()) {
            lane.filter(Optional.of(event -> true), Optional.empty());
            return;
        }
        FilterLanguage language = languages.get(spec.language());
        if (language == null) {
            // At start-up the language comes a moment later.
            LOG.info("handler {} waits for the filter language {}", spec.name(), spec.language());
            lane.filter(Optional.empty(), Optional.of("the filter language " + spec.language() + " is not installed"));
            return;
        }
        try {
            EventExpression expression = language.compile(spec.filter().get(), Map.of());
            Predicate<BrokerEvent> passes = expression::matches;
            LOG.info("handler {} takes what passes {}", spec.name(), expression.text());
            lane.filter(Optional.of(passes), Optional.empty());
        } catch (FilterSyntaxException e) {
            LOG.warn("handler {} is suspended, its filter is wrong: {}", spec.name(), e.getMessage());
            lane.filter(Optional.empty(), Optional.of("its filter is wrong: " + e.getMessage()));
        }
    }

    @Override
    public void pause(String handler) {
        throw new UnsupportedOperationException("room broker");
    }

    @Override
    public void resume(String handler) {
        throw new UnsupportedOperationException("room broker");
    }

    @Override
    public long move(String handler, ReaderSpec.Start to) {
        throw new UnsupportedOperationException("room broker");
    }

    @Override
    public OptionalLong skip(String handler) {
        throw new UnsupportedOperationException("room broker");
    }

    @Override
    public List<LaneStatus> lanes() {
        List<LaneStatus> lanes = new ArrayList<>();
        synchronized (handlers) {
            for (Registered registered : handlers.values()) {
                lanes.add(registered.lane.map(Lane::status).orElseGet(() -> new LaneStatus(
                        registered.spec.name(), "", State.NAME_TAKEN, 0, 0, 0, 0, 0, 0, Optional.empty(),
                        Optional.of("another handler has the same name"))));
            }
        }
        lanes.sort(Comparator.comparing(LaneStatus::handler));
        return lanes;
    }
}
