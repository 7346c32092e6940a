package org.bolide.transport;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.Receipt;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port on which authors submit events. */
final class Receiver implements EventValidator, AutoCloseable {

    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
    private static final int TICK_MILLIS = 100;
    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Instance instance;
    private final Node node;
    private final EventIntake intake;
    private final String localIvoid;
    private final CounterSet counters;
    private final PacedLog peerLog;
    private final Map<Receipt.Status, LongAdder> answered = new EnumMap<>(Receipt.Status.class);
    private final AtomicLong warned = new AtomicLong(System.nanoTime() - WARN_NANOS);
    private final AtomicLong quotaWarned = new AtomicLong(System.nanoTime() - WARN_NANOS);
    private final Health health;
    private final Listener listener;

    private volatile Limits limits;
    private volatile Roots roots;

    /**
     * The settings that count for each event. A configuration looks its values up each time one is asked for.
     *
     * @param maxEventBytes and all others: see {@link ReceiverConfig}
     */
    record Limits(int maxEventBytes, int timeoutSeconds, int closeAfterMillis, int maxEventsPerSecondPerPeer, long maxBytesPerSecondPerPeer,
            long maxBytesPerDayPerPeer) {

        private static Limits of(ReceiverConfig config) {
            return new Limits(config.maxEventBytes(), config.timeoutSeconds(), config.closeAfterMillis(), config.maxEventsPerSecondPerPeer(),
                    config.maxBytesPerSecondPerPeer(), config.maxBytesPerDayPerPeer());
        }
    }

    Receiver(Instance instance, ReceiverConfig config, Node node, EventIntake intake) throws IOException {
        this(instance, config, node, intake, new Peers());
    }

    Receiver(Instance instance, ReceiverConfig config, Node node, EventIntake intake, Peers peers) throws IOException {
        this.instance = instance;
        this.limits = Limits.of(config);
        this.roots = instance.roots(config.roots());
        this.node = node;
        this.intake = intake;
        this.localIvoid = instance.localIvoid(node);
        this.health = new Health(instance);
        this.counters = new CounterSet(instance.name());
        this.peerLog = new PacedLog(LOG, instance.name());
        for (Receipt.Status status : Receipt.Status.values()) {
            answered.put(status, counters.of("events." + status.name().toLowerCase(Locale.ROOT)));
        }
        listener = new Listener(instance, counters, node, settings(config), node.authorsIo(), peers, TICK_MILLIS, Role.AUTHOR,
                (session, peer) -> new AuthorLink(session, this, peer));
        LOG.info("{}: authors may submit at port {} of {}, allowed: {}; events of up to {} bytes", instance.name(), port(),
                config.address().isEmpty() ? "all addresses" : config.address(), settings(config).allow(), config.maxEventBytes());
    }

    void modify(ReceiverConfig now) throws IOException {
        Roots newRoots = instance.roots(now.roots());
        listener.modify(settings(now));
        roots = newRoots;
        limits = Limits.of(now);
        LOG.info("{}: new settings are in force: port {}, allowed: {}", instance.name(), port(), settings(now).allow());
    }

    private Listener.Settings settings(ReceiverConfig from) {
        instance.within("maxEventBytes", from.maxEventBytes(), 1024, 1 << 30);
        instance.within("timeoutSeconds", from.timeoutSeconds(), 1, 86_400);
        instance.within("closeAfterMillis", from.closeAfterMillis(), 0, 60_000);
        return new Listener.Settings(instance.within("port", from.port(), 0, 65_535), from.address().strip(),
                instance.networks("allow", from.allow()), from.maxConnectionsPerPeer());
    }

    /** Refuses what came here and is not carried here. */
    @Override
    public void validate(BrokerEvent candidate, Submission submission) throws RefusedException {
        QName root = candidate.header().root();
        Roots carried = roots;
        if (submission.connection().startsWith(connectionPrefix()) && !carried.contains(root)) {
            throw new RefusedException("the root element is " + root + ", but here only events with the root element " + carried + " are taken");
        }
    }

    /** How {@link Submission#connection} of whatever comes here begins. */
    String connectionPrefix() {
        return instance.name() + "#";
    }

    String name() {
        return instance.name();
    }

    Limits limits() {
        return limits;
    }

    Node node() {
        return node;
    }

    EventIntake intake() {
        return intake;
    }

    String localIvoid() {
        return localIvoid;
    }

    CounterSet counters() {
        return counters;
    }

    Connections connections() {
        return listener;
    }

    Health health() {
        return health;
    }

    int port() {
        return listener.port();
    }

    void counted(Receipt.Status status) {
        answered.get(status).increment();
    }

    /** For what authors cause to be logged. */
    PacedLog peerLog() {
        return peerLog;
    }

    /** Not more often than every ten seconds: when the disk is full, every author tries again and again. */
    void warnUnavailable(String source, String reason) {
        if (mayWarn(warned)) {
            LOG.warn("{}: events cannot be taken now, authors are disconnected without a receipt so that they try again"
                    + " (the counter events.unavailable says how many); the latest came from {}: {}", name(), source, reason);
        }
    }

    /** An author has used up its quota. */
    void warnQuota(String source, long waitNanos) {
        counters.count("quota");
        if (mayWarn(quotaWarned)) {
            LOG.warn("{}: {} has used up the {} bytes of a day that one address may submit (maxBytesPerDayPerPeer) and is disconnected"
                    + " without a receipt; more is taken in {} s (the counter quota says how many events that concerns)",
                    name(), source, limits.maxBytesPerDayPerPeer(), 1 + TimeUnit.NANOSECONDS.toSeconds(waitNanos));
        }
    }

    private static boolean mayWarn(AtomicLong last) {
        long before = last.get();
        long now = System.nanoTime();
        return now - before >= WARN_NANOS && last.compareAndSet(before, now);
    }

    /** Takes nothing more, answers what it has taken, and closes; within ten seconds. */
    @Override
    public void close() {
        health.stopping();
        listener.letNobodyIn();
        listener.links().forEach(link -> ((AuthorLink) link).stop());
        if (!Patience.await(() -> listener.links().isEmpty(), ANSWER_NANOS)) {
            LOG.warn("{}: {} authors were not answered within {} s, and are disconnected without a receipt so that they try again", name(),
                    listener.links().size(), TimeUnit.NANOSECONDS.toSeconds(ANSWER_NANOS));
        }
        listener.close();
        LOG.info("{}: closed", name());
    }
}
