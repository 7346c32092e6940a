package org.bolide.transport;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.KeptState;
import org.bolide.api.Receipt;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Gaps;
import org.bolide.api.management.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A remote broker whose events this one takes: its settings, its counts, and how it is shown. Its {@link Dialer} connects, its
 * {@link UpstreamLink} is the connection. Safe for any number of threads.
 */
final class Subscription implements Connections, EventValidator, AutoCloseable {

    /** How we call ourselves if this broker has no identifier. */
    static final String ANONYMOUS = "ivo://bolide/anonymous";

    /** The reason of a receipt for an event that the remote broker should not have sent. */
    static final String NOT_ASKED_FOR = "not asked for: it passes none of the filters of this subscription";

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final int TICK_MILLIS = 100;
    private static final int MAX_REASON = 300;
    private static final int KEEP_TICKS = 600;

    private final Instance instance;
    private final Node node;
    private final EventIntake intake;
    private final CounterSet counters;
    private final Map<Receipt.Status, LongAdder> taken = new EnumMap<>(Receipt.Status.class);
    private final LocalFilters filters;
    private final NameThere nameThere = new NameThere(this);
    private final RemoteClock clock = new RemoteClock();
    private final RemoteGaps gaps;
    private final RemoteHealth health = new RemoteHealth(this, InstantSource.system());
    private final Departures departures;
    private final Dialer dialer;
    private final ScheduledFuture<?> ticking;
    private final Runnable languagesChanged = this::languagesChanged;

    private volatile SubscriptionConfig config;
    /** By a connection that is gone. */
    private volatile Optional<Instant> lastHeard = Optional.empty();

    private int ticks;

    /** Takes the settings, and what is kept of the gaps; {@link #open} connects. */
    Subscription(Instance instance, SubscriptionConfig config, Node node, EventIntake intake, KeptState state) {
        this.instance = instance;
        this.config = config;
        this.node = node;
        this.intake = intake;
        RemoteAddress remote = check(config);
        this.filters = new LocalFilters(instance, config, node.languages());
        this.counters = new CounterSet(instance.name());
        for (Receipt.Status status : Receipt.Status.values()) {
            taken.put(status, counters.of("events." + status.name().toLowerCase(Locale.ROOT)));
        }
        departures = new Departures(Role.REMOTE_BROKER, name());
        gaps = new RemoteGaps(name(), remote.toString(), state, InstantSource.system());
        dialer = new Dialer(this, remote);
        ticking = node.timer().scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.info("{}: subscribes to {} as {}, with {} filters", name(), remote, localName(), config.filters().length);
    }

    /** To be called when {@link #validate} is asked about each event. */
    void open() {
        node.languages().listen(languagesChanged);
        dialer.connect();
    }

    private RemoteAddress check(SubscriptionConfig from) {
        instance.within("maxEventBytes", from.maxEventBytes(), 1024, 1 << 30);
        instance.within("idleSeconds", from.idleSeconds(), 1, 86_400);
        instance.within("reconnectMaxSeconds", from.reconnectMaxSeconds(), 1, 86_400);
        instance.within("port", from.port(), 1, 65_535);
        try {
            return RemoteAddress.of(from.host(), from.port());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(instance.file() + ", key host (option --remote): " + e.getMessage(), e);
        }
    }

    /** Takes new settings; only another remote broker needs another connection. */
    void modify(SubscriptionConfig now) {
        RemoteAddress newRemote = check(now);
        filters.modify(now);
        SubscriptionConfig before = config;
        config = now;
        if (!newRemote.equals(remote())) {
            nameThere.reset();
            clock.reset();
            gaps.moved(newRemote.toString());
            dialer.move(newRemote);
        } else if (!Arrays.equals(now.filters(), before.filters()) || !now.filterLanguage().equals(before.filterLanguage())) {
            dialer.link().ifPresent(UpstreamLink::filtersChanged);
        }
        goOn();
        LOG.info("{}: new settings are in force: {} with {} filters", name(), newRemote, now.filters().length);
    }

    private void languagesChanged() {
        node.workers().execute(() -> {
            filters.languagesChanged();
            goOn();
        });
    }

    /** Goes on if it was waiting for a language of filters. */
    private void goOn() {
        if (filters.areReady()) {
            dialer.goOn();
            dialer.link().ifPresent(UpstreamLink::resume);
        }
    }

    /** Refuses what the remote broker should not have sent. */
    @Override
    public void validate(BrokerEvent candidate, Submission submission) throws RefusedException {
        if (submission.connection().startsWith(connectionPrefix()) && !filters.pass(candidate)) {
            throw new RefusedException(NOT_ASKED_FOR);
        }
    }

    /** How {@link Submission#connection} of whatever comes from the remote broker begins. */
    String connectionPrefix() {
        return name() + "#";
    }

    // what the dialer and its link tell

    /** A connection stands. */
    void connected(UpstreamLink link) {
        counters.count("connects");
        LOG.info("{}: connected to {} ({})", name(), remote(), link.address);
    }

    /** The first bytes have come over a connection. */
    void heard(UpstreamLink link) {
        gaps.heard(link.since);
        keepGaps();
    }

    /** The remote broker remembers this one: it goes on where it was, or so many events are gone. */
    void missed(long events) {
        counters.of("missed").add(events);
        gaps.missed(events);
        keepGaps();
    }

    private void keepGaps() {
        node.workers().execute(gaps::write);
    }

    /** The link is being given up, and why. */
    void lost(String why) {
        counters.count("connections.lost");
        LOG.info("{}: the connection to {} ends: {}", name(), remote(), why);
    }

    /** A connection is gone. */
    void gone(UpstreamLink link, Leaving why) {
        lastHeard = link.lastHeard().or(() -> lastHeard);
        if (dialer.link().filter(link::equals).isPresent() && link.lastHeard().isPresent()) {
            // What a remote broker sends before it ends a connection has come: its end is something heard.
            gaps.lost(why.wanted() ? Instant.now() : link.lastHeard().get());
            keepGaps();
        }
        departures.gone(link.peerAddress, link.nameThere(), why);
        dialer.gone(link, why.reason());
    }

    void counted(Receipt.Status status) {
        taken.get(status).increment();
    }

    // what they ask for

    String name() {
        return instance.name();
    }

    SubscriptionConfig config() {
        return config;
    }

    LocalFilters filters() {
        return filters;
    }

    RemoteClock clock() {
        return clock;
    }

    Dialer dialer() {
        return dialer;
    }

    NameThere nameThere() {
        return nameThere;
    }

    RemoteAddress remote() {
        return dialer.remote();
    }

    Node node() {
        return node;
    }

    EventIntake intake() {
        return intake;
    }

    /** How we call ourselves. */
    String localName() {
        return node.localIvoid().map(Ivoid::text).orElse(ANONYMOUS);
    }

    CounterSet counters() {
        return counters;
    }

    // how it is shown

    Gaps gaps() {
        return gaps;
    }

    HealthCheck health() {
        return health;
    }

    @Override
    public Endpoint endpoint() {
        return new Endpoint(name(), Role.REMOTE_BROKER, remote().toString(), localName());
    }

    @Override
    public List<Connection> connections() {
        Optional<UpstreamLink> link = dialer.link();
        Reader reader = new Reader(link.flatMap(UpstreamLink::nameThere), link.flatMap(UpstreamLink::place), 0, Optional.empty(),
                filters.texts(), filters.fault().or(() -> link.flatMap(UpstreamLink::refusal)));
        return List.of(new Connection(Role.REMOTE_BROKER, name(), remote().toString(), link.flatMap(UpstreamLink::peerIdentifier), link.isPresent(),
                link.map(standing -> standing.since).orElseGet(dialer::downSince), link.flatMap(UpstreamLink::lastHeard).or(() -> lastHeard),
                count(Receipt.Status.ACCEPTED), count(Receipt.Status.DUPLICATE), count(Receipt.Status.REFUSED), Optional.of(reader),
                Optional.of(new Uplink(counters.of("connects").sum(), dialer.lastFailure(), clock.ahead()))));
    }

    private long count(Receipt.Status status) {
        return taken.get(status).sum();
    }

    @Override
    public List<Departure> departures() {
        return departures.newest();
    }

    /** Closes the connection, which is then made again; it also goes by the subscription's name. */
    @Override
    public int close(String peer, String reason) {
        Optional<Predicate<InetSocketAddress>> address = Addresses.peer(peer);
        boolean isMine = peer.equals(name()) || peer.equals(remote().toString()) || peer.equals(remote().host());
        Optional<UpstreamLink> named = dialer.link().filter(link -> isMine || address.filter(at -> at.test(link.peerAddress)).isPresent());
        String why = reason.isBlank() ? "its operator gives no reason" : Shown.line(reason, MAX_REASON);
        named.ifPresent(link -> link.close(Leaving.because("closed", "this broker's operator closed the connection: " + why)));
        return named.isPresent() ? 1 : 0;
    }

    private void tick() {
        Optional<UpstreamLink> link = dialer.link();
        link.ifPresent(standing -> standing.tick(System.nanoTime()));
        if (++ticks % KEEP_TICKS == 0) {
            link.flatMap(UpstreamLink::lastHeard).ifPresent(gaps::stillHeard);
            keepGaps();
        }
    }

    @Override
    public void close() {
        node.languages().unlisten(languagesChanged);
        ticking.cancel(false);
        dialer.link().flatMap(UpstreamLink::lastHeard).ifPresent(gaps::stillHeard);
        dialer.close();
        gaps.write();
        LOG.info("{}: closed", name());
    }
}
