package org.bolide.web.http;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.bolide.api.management.HealthCheck;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.runtime.HttpServiceRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page is there while this is active, which needs a configuration. */
@Component(service = {PageServer.class, HealthCheck.class}, immediate = true, configurationPid = PageServer.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PageConfig.class)
public final class PageServer implements HealthCheck {

    static final String PID = "org.bolide.web";
    static final String FILE = "etc/" + PID + ".cfg";

    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    /** So long the HTTP server may take to start. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Instant begun = Instant.now();
    private final Sessions sessions = new Sessions(Clock.systemUTC());
    private final Guard guard;
    private final KarafServer server;
    private final Listening listening;
    private List<String> places = List.of();
    private boolean isServed;

    @Activate
    public PageServer(PageConfig config, BundleContext context, @Reference ConfigurationAdmin configurations) throws IOException {
        guard = new Guard(names(config.hosts()), sessions);
        server = new KarafServer(context, configurations);
        listening = new Listening(context);
        boolean isForeign = server.isForeign();
        server.prepare(config.address().strip(), config.port());
        if (isForeign) {
            LOG.info("a file of its own, org.ops4j.pax.web.cfg as a rule, says where the HTTP server listens; port and address of {} do not count", FILE);
        }
    }

    private static Set<String> names(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s,]+")).filter(name -> !name.isEmpty()).collect(Collectors.toSet());
    }

    /** What belongs to the page is there, and the HTTP server may begin. */
    void show() {
        listening.open();
        server.start();
    }

    /** The HTTP server tells where it listens some time after it has come. */
    private synchronized void listens(ServiceReference<HttpServiceRuntime> server) {
        List<String> now = server.getProperty("osgi.http.endpoint") instanceof String[] endpoints ? List.of(endpoints) : List.of();
        if (!now.isEmpty() && !now.equals(places)) {
            places = now;
            say();
        }
    }

    private synchronized void unlistens() {
        places = List.of();
        isServed = false;
    }

    /** Not a reference of the component: while that is being activated the server could not end. */
    private final class Listening extends ServiceTracker<HttpServiceRuntime, ServiceReference<HttpServiceRuntime>> {

        Listening(BundleContext context) {
            super(context, HttpServiceRuntime.class, null);
        }

        @Override
        public ServiceReference<HttpServiceRuntime> addingService(ServiceReference<HttpServiceRuntime> reference) {
            listens(reference);
            return reference;
        }

        @Override
        public void modifiedService(ServiceReference<HttpServiceRuntime> reference, ServiceReference<HttpServiceRuntime> service) {
            listens(reference);
        }

        @Override
        public void removedService(ServiceReference<HttpServiceRuntime> reference, ServiceReference<HttpServiceRuntime> service) {
            unlistens();
        }
    }

    /** The HTTP server has taken up the page's servlets. */
    synchronized void isServed() {
        isServed = true;
        say();
    }

    private void say() {
        if (isServed && !places.isEmpty()) {
            LOG.info("page at {}", String.join(" and ", places.stream().map(PageServer::address).toList()));
        }
    }

    /** {@code http://0:0:0:0:0:0:0:1:8880/} is no address. */
    private static String address(String endpoint) {
        return endpoint.replaceFirst("//([0-9a-fA-F:]*:[0-9a-fA-F:]*)(:[0-9]+/)$", "//[$1]$2");
    }

    Guard guard() {
        return guard;
    }

    Sessions sessions() {
        return sessions;
    }

    @Override
    public synchronized List<Problem> problems() {
        if (isServed && !places.isEmpty() || Duration.between(begun, Instant.now()).compareTo(PATIENCE) < 0) {
            return List.of();
        }
        return List.of(new Problem(Weight.WARNING, "page",
                "the page is configured and the HTTP server does not show it; the log file says why", Optional.of(begun), Optional.empty()));
    }

    @Deactivate
    void close() {
        listening.close();
        server.close();
        LOG.info("page closed");
    }
}
