package org.bolide.transport;

import java.io.IOException;
import java.util.Map;

import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.RelayPolicy;
import org.bolide.api.management.Deliveries;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Latencies;
import org.osgi.framework.Bundle;
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
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** A {@link Broadcaster} for each configuration. */
@Component(name = BroadcasterComponent.PID, configurationPid = BroadcasterComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = BroadcasterConfig.class, factory = true)
public final class BroadcasterComponent {

    static final String PID = "org.bolide.transport.broadcaster";

    private final BundleContext context;
    private final Instance instance;
    private final BroadcasterConfig config;
    private final Node node;
    private final EventIntake intake;
    private final EventLog log;
    private RelayPolicy policy;
    private Broadcaster broadcaster;
    private ServiceRegistration<?> shown;
    private ServiceRegistration<?> measured;
    private ServiceRegistration<?> checked;
    private ServiceRegistration<?> remembered;
    private Runnable end;

    /** @param bans are in force before the port opens */
    @Activate
    public BroadcasterComponent(BundleContext context, BroadcasterConfig config, Map<String, Object> properties, @Reference Node node,
            @Reference EventIntake intake, @Reference EventLog log, @Reference BanKeeper bans) {
        this.context = context;
        this.instance = Instance.of("broadcaster", properties);
        this.config = config;
        this.node = node;
        this.intake = intake;
        this.log = log;
    }

    /** Not in the constructor: the policy is bound in between, and nobody may connect before it is in force. */
    @Activate
    synchronized void open() throws IOException {
        broadcaster = new Broadcaster(instance, config, node, intake, log, policy);
        shown = instance.register(context, broadcaster.counters(), broadcaster.connections());
        measured = instance.register(context, broadcaster, Latencies.class);
        checked = instance.register(context, broadcaster.health(), HealthCheck.class);
        remembered = instance.register(context, broadcaster.deliveries(), Deliveries.class);
        end = broadcaster::close;
        node.ending().sends(end);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindPolicy(RelayPolicy now) {
        changePolicy(now);
    }

    synchronized void unbindPolicy(RelayPolicy gone) {
        if (policy == gone) { // its successor may have come first
            changePolicy(null);
        }
    }

    private void changePolicy(RelayPolicy now) {
        policy = now;
        if (broadcaster != null) {
            broadcaster.policy(now);
        }
    }

    @Modified
    void modified(BroadcasterConfig config) {
        try {
            broadcaster.modify(config);
            broadcaster.health().listener().taken();
        } catch (IOException | IllegalArgumentException e) {
            broadcaster.health().listener().refused(e);
        }
    }

    @Deactivate
    void deactivate() {
        if (context.getBundle().getState() == Bundle.STOPPING) {
            node.ending().endAll();
        }
        node.ending().end(end);
        shown.unregister();
        measured.unregister();
        checked.unregister();
        remembered.unregister();
    }
}
