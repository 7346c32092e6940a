package org.bolide.web.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Karaf's HTTP server (Pax Web). In our own distribution its bundles stand at a start level that the framework does not reach by
 * itself: whoever has no page pays nothing for it. This writes its configuration, and raises the level while there is a page. Where
 * a file configures the server, as in every other Karaf, it runs as the file says.
 */
final class KarafServer {

    /** The level of its bundles in feature {@code bolide-web}. */
    static final int LEVEL = 110;

    private static final String PID = "org.ops4j.pax.web";
    private static final String OURS = "org.bolide.web";
    /** Threads serve requests only: who watches has none. */
    private static final int MAX_THREADS = 24;
    private static final int MIN_THREADS = 2;
    private static final int IDLE_MILLIS = 30_000;
    private static final int PATIENCE_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(KarafServer.class);

    private final BundleContext context;
    private final ConfigurationAdmin configurations;

    KarafServer(BundleContext context, ConfigurationAdmin configurations) {
        this.context = context;
        this.configurations = configurations;
    }

    /** Whether somebody else says where it listens. */
    boolean isForeign() throws IOException {
        Dictionary<String, Object> properties = configuration().getProperties();
        return properties != null && properties.get(OURS) == null;
    }

    /** Configures it before it runs: with port and address only where nobody else says. */
    void prepare(String address, int port) throws IOException {
        if (!isForeign()) {
            tryOut(address, port);
            Hashtable<String, Object> properties = new Hashtable<>(); // the server reads texts only
            properties.put("org.osgi.service.http.enabled", "true");
            properties.put("org.osgi.service.http.port", Integer.toString(port));
            properties.put("org.ops4j.pax.web.listening.addresses", address.isEmpty() ? "0.0.0.0" : address);
            properties.put("org.ops4j.pax.web.server.maxThreads", Integer.toString(MAX_THREADS));
            properties.put("org.ops4j.pax.web.server.minThreads", Integer.toString(MIN_THREADS));
            properties.put("org.ops4j.pax.web.server.threadNamePrefix", "web");
            properties.put("org.ops4j.pax.web.server.connector.idleTimeout", Integer.toString(IDLE_MILLIS));
            properties.put("org.ops4j.pax.web.server.showStacks", "false");
            properties.put("org.osgi.service.http.secure.enabled", "false");
            properties.put(OURS, "true");
            configuration().update(properties);
        }
    }

    /** Has it run; returns before it does. */
    void start() {
        levels().setStartLevel(LEVEL);
    }

    /**
     * Has it end, and waits for that: a server that ends stumbles over what the next page registers. Its configuration stays until
     * the next page, for the same reason.
     */
    void close() {
        if (context.getBundle(0).getState() != Bundle.STOPPING) {
            CountDownLatch end = new CountDownLatch(1);
            levels().setStartLevel(LEVEL - 1, event -> end.countDown());
            try {
                if (!end.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("the HTTP server has not ended within {} s", PATIENCE_SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FrameworkStartLevel levels() {
        return context.getBundle(0).adapt(FrameworkStartLevel.class);
    }

    private Configuration configuration() throws IOException {
        return configurations.getConfiguration(PID, "?");
    }

    /** The server itself would say only in the log that it does not listen. */
    private static void tryOut(String address, int port) throws IOException {
        InetSocketAddress place;
        try {
            place = address.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new IOException(PageServer.FILE + ", key address: '" + address
                    + "' is not known; give an address of this machine, or nothing for all", e);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(place);
        } catch (IOException e) {
            throw new IOException("Port " + port + " at " + (address.isEmpty() ? "all addresses" : "address " + address) + " cannot be opened: "
                    + e.getMessage() + ". Another program may use it; choose another with key port (or address) in " + PageServer.FILE
                    + ", or with --web-port");
        }
    }
}
