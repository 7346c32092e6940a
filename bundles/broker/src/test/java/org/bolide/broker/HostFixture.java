package org.bolide.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.testkit.InMemoryEventStore;
import org.bolide.testkit.RecordingHandler;

import static org.awaitility.Awaitility.await;

/** A broker with lanes, whose handlers are tried again after an hour: so whatever happens earlier, somebody wanted. */
final class HostFixture implements AutoCloseable {

    static final Handling.Retry LATER = new Handling.Retry(3, Duration.ofHours(1), Duration.ofHours(1));

    final InMemoryEventStore store = new InMemoryEventStore();
    private final Handling.Retry retry;
    Fixture broker;
    DeadLetterBox letters;
    HandlerHost host;
    private long serviceIds = 100;

    HostFixture() {
        this(LATER);
    }

    HostFixture(Handling.Retry retry) {
        this.retry = retry;
        start();
    }

    private void start() {
        broker = new Fixture(store);
        letters = new DeadLetterBox(store);
        host = new HandlerHost(broker.log, new StateKeeper(store), letters, id -> "a.bundle 1." + id, retry, Duration.ofSeconds(5));
    }

    void restart() {
        close();
        start();
    }

    /** Binds a handler called {@code h}, which starts with the oldest event, unless the properties say otherwise. */
    Map<String, Object> bind(BrokerEventHandler handler, Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.id", serviceIds++, "service.bundleid", 7L, BrokerEventHandler.NAME, "h",
                BrokerEventHandler.START, "earliest"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        host.bindHandler(handler, properties);
        return properties;
    }

    LaneStatus lane(String name) {
        return host.lanes().stream().filter(lane -> lane.handler().equals(name)).findFirst().orElseThrow();
    }

    LaneStatus lane() {
        return lane("h");
    }

    void awaitPlace(long place) {
        await().until(() -> lane().place() == place);
    }

    long placeOnDisk() throws Exception {
        return store.places().get("handler:h").sequence();
    }

    /** Waits until another handler has seen all events: who has not by then stands still. */
    void awaitOther() {
        RecordingHandler other = RecordingHandler.done();
        Map<String, Object> properties = bind(other, BrokerEventHandler.NAME, "other " + serviceIds);
        await().until(() -> !other.sequences().isEmpty() && other.sequences().get(other.calls().size() - 1) == broker.log.latest());
        host.unbindHandler(other, properties);
    }

    /** A handler of batches that records them as lists of sequences. */
    static BrokerEventHandler batches(List<List<Long>> record, java.util.function.Function<List<BrokerEvent>, Outcome> behaviour) {
        return new BrokerEventHandler() {
            @Override
            public Outcome handle(BrokerEvent event) {
                throw new AssertionError("not one by one");
            }

            @Override
            public Outcome handle(List<BrokerEvent> batch) {
                record.add(batch.stream().map(BrokerEvent::sequence).toList());
                return behaviour.apply(batch);
            }
        };
    }

    @Override
    public void close() {
        host.stop();
        letters.stop();
        broker.close();
    }
}
