package org.bolide.watch;

import java.time.InstantSource;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.bolide.api.EventLog;
import org.bolide.api.KeptState;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Counters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Streams;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the {@link Watch}, and registers what it knows. */
@Component(name = WatchComponent.PID, configurationPid = WatchComponent.PID, configurationPolicy = ConfigurationPolicy.OPTIONAL,
        immediate = true, service = {})
@Designate(ocd = WatchConfig.class)
public final class WatchComponent {

    static final String PID = "org.bolide.watch";

    private static final Logger LOG = LoggerFactory.getLogger(WatchComponent.class);

    private final List<Connections> peers = new CopyOnWriteArrayList<>();
    private final BundleContext context;
    private final EventLog log;
    private final Tally tally = new Tally();
    private final StreamBook book;
    private Watch watch;
    private ServiceRegistration<?> registration;

    @Activate
    public WatchComponent(BundleContext context, WatchConfig config, @Reference EventLog log, @Reference KeptState state) {
        this.context = context;
        this.log = log;
        book = new StreamBook(state, InstantSource.system(), Rules.of(config), tally);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindPeers(Connections connections) {
        peers.add(connections);
    }

    void unbindPeers(Connections connections) {
        peers.remove(connections);
    }

    /** Runs when the subscriptions that are there already are bound. */
    @Activate
    void start() {
        watch = new Watch(book, tally, log, this::remotes);
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("bolide.component", "watch"));
        registration = context.registerService(new String[] {Streams.class.getName(), HealthCheck.class.getName(), Counters.class.getName()},
                new Shown(book, new Silences(book), tally), properties);
    }

    /** Not the peers of listeners, who may be ten thousand. */
    private List<Connection> remotes() {
        return peers.stream().filter(each -> each.endpoint().peers() == Role.REMOTE_BROKER).flatMap(each -> each.connections().stream()).toList();
    }

    @Modified
    void modified(WatchConfig config) {
        try {
            book.modify(Rules.of(config));
        } catch (IllegalArgumentException e) {
            LOG.error("{} (refused; what was in force stays in force)", e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        if (registration != null) {
            registration.unregister();
            registration = null;
            watch.close();
        }
    }
}
