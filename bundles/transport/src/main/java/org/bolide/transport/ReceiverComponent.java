package org.bolide.transport;

import java.io.IOException;
import java.util.Map;

import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.management.HealthCheck;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A {@link Receiver} for each configuration. */
@Component(name = ReceiverComponent.PID, configurationPid = ReceiverComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = ReceiverConfig.class, factory = true)
public final class ReceiverComponent {

    static final String PID = "org.bolide.transport.receiver";

    private final Instance instance;
    private final Receiver receiver;
    private final ServiceRegistration<?> shown;
    private final ServiceRegistration<?> checked;
    private final ServiceRegistration<?> validating;
    private final Node node;
    private final Runnable end;
    private final BundleContext context;

    /** @param bans are in force before the port opens */
    @Activate
    public ReceiverComponent(BundleContext context, ReceiverConfig config, Map<String, Object> properties, @Reference Node node,
            @Reference EventIntake intake, @Reference BanKeeper bans) throws IOException {
        instance = Instance.of("receiver", properties);
        receiver = new Receiver(instance, config, node, intake);
        validating = context.registerService(EventValidator.class, receiver, null);
        shown = instance.register(context, receiver.counters(), receiver.connections());
        checked = instance.register(context, receiver.health(), HealthCheck.class);
        this.node = node;
        this.context = context;
        end = receiver::close;
        node.ending().takes(end);
    }

    @Modified
    void modified(ReceiverConfig config) {
        try {
            receiver.modify(config);
            receiver.health().taken();
        } catch (IOException | IllegalArgumentException e) {
            receiver.health().refused(e);
        }
    }

    @Deactivate
    void deactivate() {
        if (context.getBundle().getState() == Bundle.STOPPING) {
            node.ending().endAll();
        }
        node.ending().end(end);
        shown.unregister();
        checked.unregister();
        validating.unregister();
    }
}
