package org.bolide.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketConnector;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.Receipt;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A remote broker whose events this one takes. It is connected to for ever: when the connection is lost, or cannot be
 * made, again after a while that doubles up to a limit. Its monitor guards its state and is never held while anything
 * else is called that could wait.
 */
final class Subscription implements Connections, EventValidator, AutoCloseable {

    /** How we call ourselves if this broker has no identifier. */
    static final String ANONYMOUS = "ivo://bolide/anonymous";

    /** The reason of a receipt for an event that the remote broker should not have sent. */
    static final String NOT_ASKED_FOR = "not asked for: it passes none of the filters of this subscription";

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final int READ_BUFFER_BYTES = 8 * 1024;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int TICK_MILLIS = 100;
    private static final int CLOSE_MILLIS = 5_000;
    private static final AttributeKey GENERATION = new AttributeKey(Subscription.class, "generation");
    private static final long UNNAMED_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** A connection that has stood for so long was a good one. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Instance instance;
    private final Node node;
    private final EventIntake intake;
    private final CounterSet counters;
    private final Map<Receipt.Status, LongAdder> taken = new EnumMap<>(Receipt.Status.class);
    private final NioSocketConnector connector;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final ScheduledFuture<?> ticking;
    private final LocalFilters filters;
    private final Runnable languagesChanged = this::languagesChanged;

    private volatile SubscriptionConfig config;
    private volatile RemoteAddress remote;
    private volatile UpstreamLink link;

    private Future<?> attempt;
    /** Counts the remote brokers there have been: what belongs to a former one is stale. */
    private int generation;
    private boolean closed;
    private boolean waitsForLanguage;
    private boolean warned;
    private int attempts;
    private volatile Instant downSince = Instant.now();
    /** Until then the remote broker is not asked for the name again, by {@link System#nanoTime}. */
    private volatile long unnamedUntil = System.nanoTime();

    /** Takes the settings; {@link #open} connects. */
    Subscription(Instance instance, SubscriptionConfig config, Node node, EventIntake intake) {
        this.instance = instance;
        this.config = config;
        this.node = node;
        this.intake = intake;
        this.remote = check(config);
        this.filters = new LocalFilters(instance, config, node.languages());
        this.counters = new CounterSet(instance.name());
        for (Receipt.Status status : Receipt.Status.values()) {
            taken.put(status, counters.of("events." + status.name().toLowerCase(Locale.ROOT)));
        }
        connector = new NioSocketConnector(node.ioThreads(), node.io());
        connector.setConnectTimeoutMillis(CONNECT_MILLIS);
        connector.getSessionConfig().setTcpNoDelay(true);
        connector.getSessionConfig().setKeepAlive(true);
        connector.getSessionConfig().setMinReadBufferSize(READ_BUFFER_BYTES);
        connector.getSessionConfig().setReadBufferSize(READ_BUFFER_BYTES);
        connector.setHandler(new Handler());
        ticking = node.timer().scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.info("{}: subscribes to {} as {}, with {} filters", name(), remote, localName(), config.filters().length);
    }

    /** To be called when {@link #validate} is asked about each event. */
    void open() {
        node.languages().listen(languagesChanged);
        connectAfter(0);
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
        UpstreamLink standing;
        boolean moved;
        boolean otherFilters;
        filters.modify(now);
        synchronized (this) {
            standing = link;
            moved = !newRemote.equals(remote);
            otherFilters = !Arrays.equals(now.filters(), config.filters()) || !now.filterLanguage().equals(config.filterLanguage());
            config = now;
            remote = newRemote;
            if (moved) {
                generation++;
                unnamedUntil = System.nanoTime();
                backoff.reset();
                warned = false;
                link = null;
                attempt.cancel(false);
                connectAfter(0);
            }
        }
        if (moved && standing != null) {
            standing.close();
        } else if (otherFilters && standing != null) {
            standing.filtersChanged();
        }
        goOn();
        LOG.info("{}: new settings are in force: {} with {} filters", name(), remote, now.filters().length);
    }

    private void languagesChanged() {
        node.workers().execute(() -> {
            filters.languagesChanged();
            goOn();
        });
    }

    /** Goes on if it was waiting for a language of filters. */
    private void goOn() {
        if (!filters.areReady()) {
            return;
        }
        UpstreamLink standing;
        synchronized (this) {
            standing = link;
            if (waitsForLanguage) {
                waitsForLanguage = false;
                connectAfter(0);
            }
        }
        if (standing != null) {
            standing.resume();
        }
    }

    /** Refuses what the remote broker should not have sent. */
    @Override
    public void validate(BrokerEvent candidate, Submission submission) throws RefusedException {
        if (submission.connection().startsWith(connectionPrefix()) && !filters.pass(candidate)) {
            throw new RefusedException(NOT_ASKED_FOR);
        }
    }

    /** The name under which the remote broker is asked to remember this one, if it can; empty if it shall not, or has refused. */
    Optional<String> nameThere() {
        return config.remembered() && node.localIvoid().isPresent() && System.nanoTime() - unnamedUntil >= 0
                ? Optional.of(nameOf(name().substring(name().indexOf('.') + 1))) : Optional.empty();
    }

    /** As it is where that is a name for subscribers, else with a digest of what was replaced. */
    static String nameOf(String text) {
        String name = text.replaceAll("[^A-Za-z0-9._~+@-]", "_");
        return name.equals(text) && name.length() <= 64 ? name
                : name.substring(0, Math.min(50, name.length())) + '~' + Integer.toHexString(text.hashCode());
    }

    /** The remote broker has refused the name, or given it to another connection: it is not asked again for a while. */
    void nameRefused(String why) {
        unnamedUntil = System.nanoTime() + UNNAMED_NANOS;
        counters.count("name-refused");
        LOG.warn("{}: {} does not remember this broker, so what comes while the connection is down will be missed: {}. If another broker has the same"
                + " identifier {} and a subscription of the same name, give it an identifier of its own; else see to it at the remote broker", name(), remote, why, localName());
    }

    /** How {@link Submission#connection} of whatever comes from the remote broker begins. */
    String connectionPrefix() {
        return name() + "#";
    }

    // connecting

    private synchronized void connectAfter(long millis) {
        if (!closed) {
            attempt = millis == 0 ? node.workers().submit(this::connect)
                    : node.timer().schedule(() -> node.workers().execute(this::connect), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** On a worker, because the name is looked up. */
    private void connect() {
        RemoteAddress to;
        int current;
        synchronized (this) {
            to = remote;
            current = generation;
            waitsForLanguage = !filters.areReady();
            if (waitsForLanguage) {
                return;
            }
        }
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(to.host());
        } catch (UnknownHostException e) {
            failed(current, "the host's name is not known");
            return;
        }
        ConnectFuture future;
        synchronized (this) {
            if (closed || current != generation || link != null) {
                return;
            }
            InetAddress address = addresses[attempts++ % addresses.length];
            future = connector.connect(new InetSocketAddress(address, to.port()),
                    (session, made) -> session.setAttribute(GENERATION, current));
        }
        future.addListener(done -> {
            if (future.getException() != null) {
                failed(current, String.valueOf(future.getException().getMessage()));
            }
        });
    }

    private synchronized void failed(int current, String why) {
        if (!closed && current == generation) {
            counters.count("connects.failed");
            retry("cannot be reached: " + why);
        }
    }

    private synchronized void retry(String why) {
        long millis = backoff.nextMillis(TimeUnit.SECONDS.toMillis(config.reconnectMaxSeconds()));
        if (warned) {
            LOG.debug("{}: {} {}; next attempt in {} ms", name(), remote, why, millis);
        } else {
            warned = true;
            LOG.warn("{}: {} {}; next attempt in {} ms, and on for ever", name(), remote, why, millis);
        }
        connectAfter(millis);
    }

    // what a link tells

    /** The link is being given up, and why. */
    void lost(String why) {
        counters.count("connections.lost");
        LOG.info("{}: the connection to {} ends: {}", name(), remote, why);
    }

    synchronized void gone(UpstreamLink lost) {
        if (lost != link) {
            return; // of a former remote broker
        }
        link = null;
        downSince = Instant.now();
        if (closed) {
            return;
        }
        if (lost.ageNanos() >= GOOD_NANOS) {
            backoff.reset();
            warned = false;
        }
        retry("is not connected");
    }

    void counted(Receipt.Status status) {
        taken.get(status).increment();
    }

    String name() {
        return instance.name();
    }

    SubscriptionConfig config() {
        return config;
    }

    LocalFilters filters() {
        return filters;
    }

    RemoteAddress remote() {
        return remote;
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

    @Override
    public Endpoint endpoint() {
        throw new UnsupportedOperationException("room transport");
    }

    @Override
    public List<Departure> departures() {
        throw new UnsupportedOperationException("room transport");
    }

    @Override
    public int close(String peer, String reason) {
        throw new UnsupportedOperationException("room transport");
    }

    @Override
    public List<Connection> connections() {
        UpstreamLink standing = link;
        return List.of(standing != null ? standing.describe() : describe(false, downSince, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    Connection describe(boolean connected, Instant since, long events, Optional<String> peer, Optional<Instant> heard, Optional<String> refusal,
            Optional<String> nameThere, Optional<Long> place) {
        return new Connection(Role.REMOTE_BROKER, name(), remote.toString(), peer, connected, since, heard, events, 0, 0,
                Optional.of(new Reader(nameThere, place, 0, Optional.empty(), filters.texts(), filters.fault().or(() -> refusal))), Optional.empty());
    }

    private void tick() {
        UpstreamLink standing = link;
        if (standing != null) {
            standing.tick(System.nanoTime());
        }
    }

    @Override
    public void close() {
        UpstreamLink standing;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (attempt != null) {
                attempt.cancel(false);
            }
            // An attempt under way is not cancelled: where it has just succeeded, MINA's thread would never end.
            standing = link;
        }
        node.languages().unlisten(languagesChanged);
        ticking.cancel(false);
        if (standing != null && !(standing.close().awaitUninterruptibly(CLOSE_MILLIS) && standing.awaitSettled(CLOSE_MILLIS))) {
            LOG.warn("{}: the connection did not close within {} ms", name(), CLOSE_MILLIS);
        }
        connector.dispose();
        LOG.info("{}: closed", name());
    }

    private final class Handler extends LinkHandler {

        private Handler() {
            super(name());
        }

        @Override
        public void sessionOpened(IoSession session) {
            UpstreamLink opened;
            synchronized (Subscription.this) {
                if (closed || !session.getAttribute(GENERATION).equals(generation)) { // the settings have changed meanwhile
                    session.closeNow();
                    return;
                }
                if (session.getRemoteAddress() == null) {
                    retry("closed the connection at once");
                    return;
                }
                opened = new UpstreamLink(session, Subscription.this);
                link = opened;
            }
            counters.count("connects");
            LOG.info("{}: connected to {} ({})", name(), remote, opened.address);
            attach(session, opened);
        }
    }
}
