package org.bolide.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows metrics and health at a port of their own. */
@Component(name = MetricsServer.PID, configurationPid = MetricsServer.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true, service = {})
@Designate(ocd = MetricsConfig.class, factory = true)
public final class MetricsServer {

    static final String PID = "org.bolide.metrics";

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

    private static final int THREADS = 3;
    private static final int WAITING = 32;

    /** The JDK's server takes its bounds from properties, which it reads once; what somebody else has set stays. */
    private static final Map<String, String> BOUNDS = Map.of(
            "sun.net.httpserver.maxReqTime", "5", // seconds for a request to come: who is slow holds one of few threads
            "sun.net.httpserver.maxRspTime", "30",
            "sun.net.httpserver.idleInterval", "60",
            "sun.net.httpserver.maxReqHeaders", "50",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "jdk.httpserver.maxConnections", Integer.toString(WAITING));

    private final String name;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    @Activate
    public MetricsServer(MetricsConfig config, Map<String, Object> properties, @Reference Meters meters) throws IOException {
        this(config, properties, meters.exposition());
    }

    MetricsServer(MetricsConfig config, Map<String, Object> properties, Exposition exposition) throws IOException {
        String pid = String.valueOf(properties.get("service.pid"));
        name = "metrics" + (pid.indexOf('~') < 0 ? "" : "." + pid.substring(pid.indexOf('~') + 1));
        BOUNDS.forEach((key, value) -> System.getProperties().putIfAbsent(key, value));
        server = open(config, pid);
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", new Pages(exposition));
        server.start();
        LOG.info("{}: metrics and health at http://{}:{}/", name, shown(server.getAddress().getAddress()), port());
    }

    private static HttpServer open(MetricsConfig config, String pid) throws IOException {
        String file = "etc/" + pid + ".cfg.json";
        InetSocketAddress place;
        try {
            place = config.address().isEmpty() ? new InetSocketAddress(config.port())
                    : new InetSocketAddress(InetAddress.getByName(config.address()), config.port());
        } catch (UnknownHostException e) {
            throw new IOException(file + ", key address: '" + config.address()
                    + "' is not known; give an address of this machine, or nothing for all", e);
        }
        try {
            return HttpServer.create(place, WAITING);
        } catch (IOException e) {
            throw new IOException("Port " + config.port() + " at " + (config.address().isEmpty() ? "all addresses" : "address " + config.address())
                    + " cannot be opened: " + e.getMessage() + ". Another program may use it; choose another with key port (or address) in "
                    + file + ", or with --metrics-port", e);
        }
    }

    private static String shown(InetAddress address) {
        String text = address.getHostAddress();
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }

    /** The port that is open. */
    int port() {
        return server.getAddress().getPort();
    }

    /** Does not wait for answers on their way: the JDK's server would wait as long where there are none. */
    @Deactivate
    void close() {
        server.stop(0);
        threads.shutdownNow();
        LOG.info("{}: closed", name);
    }
}
