package org.bolide.transport;

import java.util.Map;

import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A {@link Subscription} for each configuration. */
@Component(name = SubscriptionComponent.PID, configurationPid = SubscriptionComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = SubscriptionConfig.class, factory = true)
public final class SubscriptionComponent {

    static final String PID = "org.bolide.transport.subscription";

    private final Instance instance;
    private final Subscription subscription;
    private final ServiceRegistration<?> shown;
    private final ServiceRegistration<?> validating;

    @Activate
    public SubscriptionComponent(BundleContext context, SubscriptionConfig config, Map<String, Object> properties, @Reference Node node,
            @Reference EventIntake intake) {
        instance = Instance.of("subscription", properties);
        subscription = new Subscription(instance, config, node, intake);
        validating = context.registerService(EventValidator.class, subscription, null);
        subscription.open();
        shown = instance.register(context, subscription.counters(), subscription);
    }

    @Modified
    void modified(SubscriptionConfig config) {
        try {
            subscription.modify(config);
        } catch (IllegalArgumentException e) {
            instance.refused(e);
        }
    }

    @Deactivate
    void deactivate() {
        shown.unregister();
        subscription.close();
        validating.unregister();
    }
}
