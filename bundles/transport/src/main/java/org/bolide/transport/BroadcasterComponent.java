package org.bolide.transport;

import java.io.IOException;
import java.util.Map;

import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.RelayPolicy;
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

    private final Instance instance;
    private final Broadcaster broadcaster;
    private final ServiceRegistration<?> shown;

    @Activate
    public BroadcasterComponent(BundleContext context, BroadcasterConfig config, Map<String, Object> properties, @Reference Node node,
            @Reference EventIntake intake, @Reference EventLog log) throws IOException {
        instance = Instance.of("broadcaster", properties);
        broadcaster = new Broadcaster(instance, config, node, intake, log);
        shown = instance.register(context, broadcaster.counters(), broadcaster.connections());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindPolicy(RelayPolicy policy) {
        broadcaster.policy(policy);
    }

    synchronized void unbindPolicy(RelayPolicy policy) {
        if (broadcaster.policy() == policy) { // its successor may have come first
            broadcaster.policy(null);
        }
    }

    @Modified
    void modified(BroadcasterConfig config) {
        try {
            broadcaster.modify(config);
        } catch (IOException | IllegalArgumentException e) {
            instance.refused(e);
        }
    }

    @Deactivate
    void deactivate() {
        shown.unregister();
        broadcaster.close();
    }
}
