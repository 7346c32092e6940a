package org.bolide.transport;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;

import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.KeptState;
import org.bolide.api.management.Gaps;
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

/** A {@link Subscription} for each configuration. */
@Component(name = SubscriptionComponent.PID, configurationPid = SubscriptionComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = SubscriptionConfig.class, factory = true)
public final class SubscriptionComponent {

    static final String PID = "org.bolide.transport.subscription";

    private final Instance instance;
    private final Subscription subscription;
    private final ServiceRegistration<?> shown;
    private final ServiceRegistration<?> gaps;
    private final ServiceRegistration<?> health;
    private final ServiceRegistration<?> validating;
    private final Node node;
    private final Runnable end;
    private final BundleContext context;

    @Activate
    public SubscriptionComponent(BundleContext context, SubscriptionConfig config, Map<String, Object> settings, @Reference Node node,
            @Reference EventIntake intake, @Reference KeptState state) {
        instance = Instance.of("subscription", settings);
        subscription = new Subscription(instance, config, node, intake, state);
        validating = context.registerService(EventValidator.class, subscription, null);
        subscription.open();
        shown = instance.register(context, subscription.counters(), subscription);
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("bolide.component", instance.name()));
        gaps = context.registerService(Gaps.class, subscription.gaps(), properties);
        health = context.registerService(HealthCheck.class, subscription.health(), properties);
        this.node = node;
        this.context = context;
        end = subscription::close;
        node.ending().takes(end);
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
        if (context.getBundle().getState() == Bundle.STOPPING) {
            node.ending().endAll();
        }
        node.ending().end(end);
        health.unregister();
        gaps.unregister();
        shown.unregister();
        validating.unregister();
    }
}
