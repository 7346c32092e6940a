package org.bolide.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects a subscription to its remote broker, for ever: when the connection is lost, or cannot be made, again after a while
 * that doubles up to a limit. Its monitor guards its state and is never held while anything else is called that could wait.
 */
final class Dialer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final int READ_BUFFER_BYTES = 8 * 1024;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int CLOSE_MILLIS = 5_000;
    private static final AttributeKey GENERATION = new AttributeKey(Dialer.class, "generation");
    /** A connection that has stood for so long was a good one. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Subscription subscription;
    private final Node node;
    private final NioSocketConnector connector;
    private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());

    private volatile RemoteAddress remote;
    private volatile UpstreamLink link;
    private volatile Instant downSince = Instant.now();
    private volatile Instant notHeardSince = downSince;
    private volatile String lastFailure;

    private Future<?> attempt;
    /** Counts the remote brokers there have been: what belongs to a former one is stale. */
    private int generation;
    private boolean closed;
    private boolean waitsForLanguage;
    private boolean warned;
    private int attempts;

    /** {@link #connect} begins. */
    Dialer(Subscription subscription, RemoteAddress remote) {
        this.subscription = subscription;
        this.node = subscription.node();
        this.remote = remote;
        connector = new NioSocketConnector(node.ioThreads(), node.io());
        connector.setConnectTimeoutMillis(CONNECT_MILLIS);
        connector.getSessionConfig().setTcpNoDelay(true);
        connector.getSessionConfig().setKeepAlive(true);
        connector.getSessionConfig().setMinReadBufferSize(READ_BUFFER_BYTES);
        connector.getSessionConfig().setReadBufferSize(READ_BUFFER_BYTES);
        connector.setHandler(new Handler());
    }

    /** The remote broker. */
    RemoteAddress remote() {
        return remote;
    }

    /** The connection that stands; empty if none does. */
    Optional<UpstreamLink> link() {
        return Optional.ofNullable(link);
    }

    /** Since when there is no connection, while there is none. */
    Instant downSince() {
        return downSince;
    }

    /** Since when no connection has brought anything, while none does. */
    Instant notHeardSince() {
        return notHeardSince;
    }

    /** Why a connection was lost or not made the last time; empty if none ever was. */
    Optional<String> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** Has a connection made. */
    void connect() {
        connectAfter(0);
    }

    /** Goes to another remote broker. */
    void move(RemoteAddress to) {
        UpstreamLink standing;
        synchronized (this) {
            remote = to;
            generation++;
            backoff.reset();
            warned = false;
            lastFailure = null;
            downSince = Instant.now();
            notHeardSince = downSince;
            standing = link;
            link = null;
            attempt.cancel(false);
            connectAfter(0);
        }
        if (standing != null) {
            standing.close(Leaving.because("moved", "another remote broker is subscribed to"));
        }
    }

    /** Goes on if it was waiting for a language of filters. */
    synchronized void goOn() {
        if (waitsForLanguage) {
            waitsForLanguage = false;
            connectAfter(0);
        }
    }

    private synchronized void connectAfter(long millis) {
        if (!closed) {
            attempt = millis == 0 ? node.workers().submit(this::dial)
                    : node.timer().schedule(() -> node.workers().execute(this::dial), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** On a worker, because the name is looked up. */
    private void dial() {
        RemoteAddress to;
        int current;
        synchronized (this) {
            to = remote;
            current = generation;
            waitsForLanguage = !subscription.filters().areReady();
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
            subscription.counters().count("connects.failed");
            lastFailure = "cannot be reached: " + why;
            retry(lastFailure);
        }
    }

    private synchronized void retry(String why) {
        long millis = backoff.nextMillis(TimeUnit.SECONDS.toMillis(subscription.config().reconnectMaxSeconds()));
        if (warned) {
            LOG.debug("{}: {} {}; next attempt in {} ms", subscription.name(), remote, why, millis);
        } else {
            warned = true;
            LOG.warn("{}: {} {}; next attempt in {} ms, and on for ever", subscription.name(), remote, why, millis);
        }
        connectAfter(millis);
    }

    /** A connection is gone. */
    synchronized void gone(UpstreamLink lost, String why) {
        if (lost != link) {
            return; // of a former remote broker
        }
        link = null;
        downSince = Instant.now();
        if (lost.lastHeard().isPresent()) {
            notHeardSince = downSince;
        }
        lastFailure = why;
        if (closed) {
            return;
        }
        if (lost.ageNanos() >= GOOD_NANOS) {
            backoff.reset();
            warned = false;
        }
        retry("is not connected");
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
        if (standing != null
                && !(standing.close(Leaving.because("closed", "this broker ends it")).awaitUninterruptibly(CLOSE_MILLIS) && standing.awaitSettled(CLOSE_MILLIS))) {
            LOG.warn("{}: the connection did not close within {} ms", subscription.name(), CLOSE_MILLIS);
        }
        connector.dispose();
    }

    private final class Handler extends LinkHandler {

        private Handler() {
            super(subscription.name());
        }

        @Override
        public void sessionOpened(IoSession session) {
            UpstreamLink opened;
            synchronized (Dialer.this) {
                if (closed || !session.getAttribute(GENERATION).equals(generation)) { // the settings have changed meanwhile
                    session.closeNow();
                    return;
                }
                if (session.getRemoteAddress() == null) {
                    lastFailure = "closed the connection at once";
                    retry(lastFailure);
                    return;
                }
                opened = new UpstreamLink(session, subscription);
                link = opened;
            }
            subscription.connected(opened);
            attach(session, opened);
        }
    }
}
