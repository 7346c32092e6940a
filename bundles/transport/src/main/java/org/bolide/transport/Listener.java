package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.apache.mina.core.future.IoFuture;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.bolide.api.Networks;
import org.bolide.api.management.Connections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port that peers connect to: lets in who is on the allow-list and within the bounds, gives each connection its
 * {@link Link}, and takes new settings while it runs.
 */
final class Listener implements Connections, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 8 * 1024; // the kernel has a bound of its own
    private static final int SWEEP_TICKS = 10;
    private static final int CLOSE_MILLIS = 5_000;
    private static final int MAX_REASON = 300;
    /** Why connections end when the listener does. */
    static final Leaving STOPPING = Leaving.because("stopping", "this broker stops");
    /** MINA allocates this for each read, and hardly uses it: see {@link LinkProcessor#read}. */
    private static final int READ_BUFFER_BYTES = 64;

    private final Instance instance;
    private final CounterSet counters;
    private final NioSocketAcceptor acceptor;
    private final Peers peers;
    private final PacedLog peerLog;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> ticking;
    private final Departures departures;
    private final BanList bans;
    private final Role role;
    private final String identifier;

    private int ticks;
    private volatile Settings settings;
    private volatile InetSocketAddress bound;
    private volatile boolean ending;

    /**
     * What a listener is told.
     *
     * @param port to listen on; 0 for any free one
     * @param address of this machine; empty for all
     * @param allow who may connect
     * @param maxConnectionsPerPeer 0 for no bound
     */
    record Settings(int port, String address, Networks allow, int maxConnectionsPerPeer) {

        boolean samePlace(Settings other) {
            return port == other.port && address.equals(other.address);
        }
    }

    /** Makes the link of a session that is let in. */
    interface LinkFactory {

        /** Runs on an I/O thread. */
        Link create(IoSession session, Peers.Peer peer);
    }

    /**
     * Opens the port.
     *
     * @param processors the threads that serve the connections
     * @param peers who is connected
     * @param tickMillis how often to look whether something is due on a connection
     * @param role what the peers are
     * @throws IOException if that cannot be done; the message names port, address and settings
     */
    Listener(Instance instance, CounterSet counters, Node node, Settings settings, Processors processors, Peers peers, int tickMillis, Role role,
            LinkFactory factory) throws IOException {
        this.instance = instance;
        this.counters = counters;
        this.settings = settings;
        this.role = role;
        this.identifier = instance.localIvoid(node);
        this.peers = peers;
        this.bans = node.bans();
        this.departures = new Departures(role, instance.name());
        this.peerLog = new PacedLog(LOG, instance.name());
        acceptor = new NioSocketAcceptor(node.ioThreads(), processors);
        acceptor.setReuseAddress(true);
        acceptor.setBacklog(BACKLOG);
        acceptor.setCloseOnDeactivation(false);
        acceptor.getSessionConfig().setTcpNoDelay(true);
        acceptor.getSessionConfig().setKeepAlive(true);
        acceptor.getSessionConfig().setMinReadBufferSize(READ_BUFFER_BYTES);
        acceptor.getSessionConfig().setReadBufferSize(READ_BUFFER_BYTES);
        acceptor.setHandler(new Handler(factory));
        bans.enlist(this);
        try {
            bind(settings);
        } catch (IOException e) {
            bans.strike(this);
            acceptor.dispose();
            throw e;
        }
        ticking = node.timer().scheduleWithFixedDelay(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes new settings. Peers that are no longer allowed are dropped, all others stay, also when the port changes.
     *
     * @throws IOException if the new port cannot be opened; then the old one is used as before
     */
    void modify(Settings now) throws IOException {
        Settings before = settings;
        if (!now.samePlace(before)) {
            acceptor.unbind();
            try {
                bind(now);
            } catch (IOException e) {
                acceptor.bind(bound); // which, for port 0, is the one that peers know
                throw e;
            }
        }
        settings = now;
        for (Link link : links) {
            if (!now.allow().contains(link.peerAddress.getAddress())) {
                LOG.info("{}: {} is no longer on the allow-list and is dropped", instance.name(), link.address);
                counters.count("refused.allow-list");
                link.close(Leaving.because("refused.allow-list", "it is no longer on the allow-list (" + now.allow() + ")"));
            }
        }
    }

    private void bind(Settings to) throws IOException {
        InetSocketAddress place;
        try {
            place = to.address().isEmpty() ? new InetSocketAddress(to.port())
                    : new InetSocketAddress(InetAddress.getByName(to.address()), to.port());
        } catch (UnknownHostException e) {
            throw new IOException(instance.file() + ", key address: '" + to.address()
                    + "' is not known; give an address of this machine, or nothing for all");
        }
        try {
            acceptor.bind(place);
            bound = acceptor.getLocalAddress();
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("Port " + to.port() + " at " + (to.address().isEmpty() ? "all addresses" : "address " + to.address())
                    + " cannot be opened: " + cause.getMessage() + ". Another program may use it; choose another with key port (or address) in "
                    + instance.file() + ", or with " + (role == Role.AUTHOR ? "--receive-port" : "--broadcast-port"));
        }
    }

    /** The port that is open. */
    int port() {
        return bound.getPort();
    }

    /** The connections that stand. */
    Set<Link> links() {
        return links;
    }

    @Override
    public Endpoint endpoint() {
        InetSocketAddress at = bound;
        return new Endpoint(instance.name(), role, at.getAddress().isAnyLocalAddress() ? "*:" + at.getPort() : Addresses.text(at), identifier);
    }

    @Override
    public List<Departure> departures() {
        return departures.newest();
    }

    @Override
    public int close(String peer, String reason) {
        Optional<Predicate<InetSocketAddress>> address = Addresses.peer(peer);
        String why = reason.isBlank() ? "its operator gives no reason" : Shown.line(reason, MAX_REASON);
        int closed = closeAll(link -> address.isPresent() ? address.get().test(link.peerAddress) : link.readerName().equals(Optional.of(peer)),
                Leaving.because("closed", "this broker's operator closed the connection: " + why));
        if (closed > 0) {
            LOG.info("{}: closed by the operator, {} connections of {}: {}", instance.name(), closed, Shown.line(peer, MAX_REASON), why);
        }
        return closed;
    }

    /** Closes the port; the connections stay. */
    void letNobodyIn() {
        ending = true;
        acceptor.unbind();
    }

    /** Closes the connections of a network that is banned now; returns how many. */
    int close(BanList.Entry ban) {
        return closeAll(link -> ban.contains(link.peerAddress.getAddress()), ban.leaving());
    }

    /** Closes some of the connections; returns how many. */
    private int closeAll(Predicate<Link> which, Leaving why) {
        List<Link> closing = links.stream().filter(which).toList();
        closing.forEach(link -> link.close(why));
        return closing.size();
    }

    @Override
    public List<Connection> connections() {
        return links.stream().map(Link::describe).toList();
    }

    private void tick() {
        long now = System.nanoTime();
        for (Link link : links) {
            try {
                link.tick(now);
            } catch (RuntimeException e) {
                LOG.error("{}: looking after {} failed; this is a defect, please report it", instance.name(), link.address, e);
                link.close(Leaving.because("defect", "this broker failed, and has logged the error"));
            }
        }
        if (++ticks % SWEEP_TICKS == 0) {
            peers.sweep();
        }
    }

    @Override
    public void close() {
        bans.strike(this);
        ticking.cancel(false);
        acceptor.unbind();
        Set<IoFuture> closing = links.stream().map(link -> link.close(STOPPING)).collect(Collectors.toSet());
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        for (IoFuture future : closing) {
            if (!future.awaitUninterruptibly(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())))) {
                LOG.warn("{}: connections did not close within {} ms", instance.name(), CLOSE_MILLIS);
                break;
            }
        }
        acceptor.dispose();
    }

    private final class Handler extends LinkHandler {

        private final LinkFactory factory;

        private Handler(LinkFactory factory) {
            super(instance.name());
            this.factory = factory;
        }

        @Override
        public void sessionOpened(IoSession session) {
            InetSocketAddress address = (InetSocketAddress) session.getRemoteAddress();
            if (address == null) { // gone before we came to it
                session.closeNow();
                return;
            }
            if (ending) {
                session.closeNow();
                return;
            }
            Optional<BanList.Entry> ban = bans.of(address.getAddress());
            if (ban.isPresent()) {
                ban.get().refused();
                refuse(session, address, ban.get().leaving());
                return;
            }
            Settings now = settings;
            if (!now.allow().contains(address.getAddress())) {
                refuse(session, address, Leaving.because("refused.allow-list", "it is not on the allow-list (" + now.allow() + ")"));
                return;
            }
            Optional<Peers.Peer> peer = peers.enter(address.getAddress(), now.maxConnectionsPerPeer());
            if (peer.isEmpty()) {
                refuse(session, address, Leaving.because("refused.connections",
                        "it has " + now.maxConnectionsPerPeer() + " connections already (maxConnectionsPerPeer)"));
                return;
            }
            Link link = factory.create(session, peer.get());
            links.add(link);
            session.getCloseFuture().addListener(future -> {
                links.remove(link);
                peers.leave(peer.get());
                departures.gone(address, link.readerName(), link.leaving());
            });
            counters.count("connections");
            attach(session, link);
            if (ending) { // who came while that began may have been overlooked
                link.close(STOPPING);
            }
            // A ban is in force first, and closes what stands then: who came in between is seen here.
            bans.of(address.getAddress()).ifPresent(since -> link.close(since.leaving()));
        }

        private void refuse(IoSession session, InetSocketAddress address, Leaving why) {
            counters.count(why.kind());
            departures.refused(address, why);
            peerLog.info("{}: {} was refused: {}", instance.name(), Addresses.text(address), why.reason());
            session.closeNow();
        }
    }
}
