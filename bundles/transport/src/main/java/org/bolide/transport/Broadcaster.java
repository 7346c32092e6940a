package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.Networks;
import org.bolide.api.Receipt;
import org.bolide.api.RelayPolicy;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Latencies;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.transport.TransportMessage.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port to which subscribers connect.
 *
 * <p>The time {@code deliver} is from when the broker had an event whole until its bytes were handed to a subscriber's socket, or,
 * where that takes no more just now, to the queue before it. It is counted once for all events that are handed over in one go, for
 * the newest of them; and not for events that were there before the subscriber took its place in the log.
 */
final class Broadcaster implements Latencies, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);

    private static final int FEW = 4;
    private static final int TICK_MILLIS = 250;

    private final Instance instance;
    private final Node node;
    private final EventIntake intake;
    private final EventLog log;
    private final String localIvoid;
    private final CounterSet counters;
    private final LongAdder eventsSent;
    private final LongAdder acks;
    private final LatencyHistogram deliver = new LatencyHistogram();
    private final DeliveryBook deliveries;
    private final Listener listener;
    private final BroadcasterHealth health;
    private final Resumption resumption = new Resumption();
    private final Runnable languagesChanged = this::languagesChanged;
    // a stranger who asks again and again shall not fill the log
    private final PacedLog peerLog;
    private final Pace requestLog = new Pace(20, 10);
    private final Pace refusalLog = new Pace(20, 10);

    private volatile BroadcasterConfig config;
    private volatile int maxUnsettled;
    private volatile Roots roots;
    private volatile Networks allow;
    private volatile RelayPolicy policy;
    private ScheduledFuture<?> testEvents;

    /** @param policy the owner's policy on who is sent what, in force for the first subscriber; null while there is none */
    Broadcaster(Instance instance, BroadcasterConfig config, Node node, EventIntake intake, EventLog log, RelayPolicy policy)
            throws IOException {
        this.instance = instance;
        this.config = config;
        this.maxUnsettled = config.maxUnsettled();
        this.roots = instance.roots(config.roots());
        this.allow = settings(config).allow();
        this.node = node;
        this.intake = intake;
        this.log = log;
        this.policy = policy;
        this.localIvoid = instance.localIvoid(node);
        this.health = new BroadcasterHealth(instance, this::links);
        this.counters = new CounterSet(instance.name());
        this.deliveries = new DeliveryBook(instance.name());
        this.peerLog = new PacedLog(LOG, instance.name());
        this.eventsSent = counters.of("events.sent");
        this.acks = counters.of("acks");
        listener = new Listener(instance, counters, node, settings(config), node.io(), new Peers(), TICK_MILLIS, Role.SUBSCRIBER,
                (session, peer) -> new SubscriberLink(session, this, peer));
        node.languages().listen(languagesChanged);
        LOG.info("{}: subscribers may connect to port {} of {}, allowed: {}", instance.name(), port(),
                config.address().isEmpty() ? "all addresses" : config.address(), settings(config).allow());
        scheduleTestEvents();
    }

    synchronized void modify(BroadcasterConfig now) throws IOException {
        Roots newRoots = instance.roots(now.roots());
        listener.modify(settings(now));
        roots = newRoots;
        allow = settings(now).allow();
        boolean otherInterval = now.testIntervalSeconds() != config.testIntervalSeconds();
        config = now;
        maxUnsettled = now.maxUnsettled();
        if (otherInterval) {
            scheduleTestEvents();
        }
        LOG.info("{}: new settings are in force: port {}, allowed: {}", instance.name(), port(), settings(now).allow());
    }

    private Listener.Settings settings(BroadcasterConfig from) {
        instance.within("iamaliveSeconds", from.iamaliveSeconds(), 1, 90);
        instance.within("unsettledSeconds", from.unsettledSeconds(), 1, 86_400);
        instance.within("maxUnsettled", from.maxUnsettled(), 1, 1_000_000);
        instance.within("resumeMinutes", from.resumeMinutes(), 0, 1440);
        instance.within("maxNamesPerNetwork", from.maxNamesPerNetwork(), 0, 1_000_000);
        instance.within("drainSeconds", from.drainSeconds(), 0, 3600);
        instance.within("maxFilters", from.maxFilters(), 0, 10_000);
        instance.within("testIntervalSeconds", from.testIntervalSeconds(), 0, 31_536_000);
        return new Listener.Settings(instance.within("port", from.port(), 0, 65_535), from.address().strip(),
                instance.networks("allow", from.allow()), from.maxConnectionsPerPeer());
    }

    private synchronized void scheduleTestEvents() {
        if (testEvents != null) {
            testEvents.cancel(false);
            testEvents = null;
        }
        int seconds = config.testIntervalSeconds();
        if (seconds > 0) {
            testEvents = node.timer().scheduleAtFixedRate(() -> submitTestEvent(seconds), seconds, seconds, TimeUnit.SECONDS);
        }
    }

    private void submitTestEvent(int intervalSeconds) {
        if (!node.testEventDue(intervalSeconds)) {
            return; // another broadcaster has just sent it
        }
        counters.count("test-events");
        Submission event = TestEvent.of(node.localIvoid().orElseThrow(), Instant.now());
        intake.submit(event).whenComplete((receipt, error) -> {
            if (error != null || receipt.status() != Receipt.Status.ACCEPTED) {
                LOG.warn("{}: this broker's own test event was not taken, so others may not be either: {}", instance.name(),
                        error != null ? error.toString() : receipt.status() + " " + receipt.reason());
            }
        });
    }

    private void languagesChanged() {
        listener.links().forEach(link -> ((SubscriberLink) link).delivery().languagesChanged());
    }

    /** Takes the owner's policy on who is sent what; null while there is none. */
    void policy(RelayPolicy now) {
        policy = now;
        listener.links().forEach(link -> ((SubscriberLink) link).delivery().policyChanged());
    }

    /**
     * The network to which a subscriber's name belongs: the one on the allow-list that admits it, unless that is everybody,
     * else its address, of IPv6 what one customer is given.
     */
    String networkOf(InetAddress peer) {
        return allow.networkOf(peer).filter(network -> !network.endsWith("/0")).orElseGet(() -> Addresses.network(peer));
    }

    /** Null while there is none. */
    RelayPolicy policy() {
        return policy;
    }

    /** For what subscribers cause to be logged. */
    PacedLog peerLog() {
        return peerLog;
    }

    /** A subscriber asks for filters. */
    void asked(String who, List<Filter> filters) {
        if (requestLog.may()) {
            String wanted = filters.isEmpty() ? "every event"
                    : filters.stream().map(Filter::text).collect(Collectors.joining(" or ", "what passes ", ""));
            LOG.info("{}: {} asks for {}", name(), who, Shown.line(wanted, 300));
        }
    }

    /** Filters of a subscriber are refused, or taken away. */
    void refused(String who, String reason) {
        counters.count("filters.refused");
        if (refusalLog.may()) {
            LOG.warn("{}: the filters of {} were refused: {}", name(), who, Shown.line(reason, 1000));
        }
    }

    /** Where subscribers without a name go on. */
    Resumption resumption() {
        return resumption;
    }

    /** What it remembers of who was sent what. */
    DeliveryBook deliveries() {
        return deliveries;
    }

    BroadcasterHealth health() {
        return health;
    }

    private Set<Link> links() {
        return listener.links();
    }

    String name() {
        return instance.name();
    }

    BroadcasterConfig config() {
        return config;
    }

    /** As configured; asked for with each event, and a configuration looks its values up each time. */
    int maxUnsettled() {
        return maxUnsettled;
    }

    Roots roots() {
        return roots;
    }

    Node node() {
        return node;
    }

    EventLog log() {
        return log;
    }

    String localIvoid() {
        return localIvoid;
    }

    CounterSet counters() {
        return counters;
    }

    /**
     * Events were handed to a subscriber's socket.
     *
     * @param newest the last of them
     * @param since when the subscriber took its place
     */
    void eventsSent(int events, BrokerEvent newest, Instant since) {
        eventsSent.add(events);
        Instant received = newest.receivedAt();
        if (!received.isBefore(since)) {
            Instant now = Instant.now();
            deliver.record(TimeUnit.SECONDS.toNanos(now.getEpochSecond() - received.getEpochSecond()) + now.getNano() - received.getNano());
        }
    }

    @Override
    public SortedMap<String, LatencyHistogram> latencies() {
        return new TreeMap<>(Map.of("deliver", deliver));
    }

    void acks(int count) {
        acks.add(count);
    }

    Connections connections() {
        return listener;
    }

    /** Whether there are so few subscribers that an event is written to all of them in a moment. */
    boolean hasFew() {
        return listener.links().size() <= FEW;
    }

    /** How much waits to be sent to all subscribers. */
    long bytesQueued() {
        return listener.links().stream().mapToLong(Link::waitingBytes).sum();
    }

    int port() {
        return listener.port();
    }

    /** Lets nobody in, sends what the log has to those who keep up, and closes; within drainSeconds and some more. */
    @Override
    public synchronized void close() {
        health.listener().stopping();
        if (testEvents != null) {
            testEvents.cancel(false);
        }
        listener.letNobodyIn();
        Stragglers stragglers = new Stragglers(listener.links(), log.latest(), System.nanoTime());
        if (!Patience.await(() -> stragglers.isDone(System.nanoTime()), TimeUnit.SECONDS.toNanos(config.drainSeconds()))) {
            LOG.warn("{}: {} subscribers have not acknowledged everything within {} s (drainSeconds); those with a name are sent the rest when they"
                    + " come back", name(), stragglers.waiting(), config.drainSeconds());
        }
        node.languages().unlisten(languagesChanged);
        listener.close();
        LOG.info("{}: closed", name());
    }
}
