package org.bolide.transport;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.bolide.api.EventLog;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets, once a day, the subscribers that were remembered by a name and did not come back. The first time an hour after
 * the start: whoever was connected when the broker stopped may have come back by then.
 */
@Component(configurationPid = NodeComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class Forgetting {

    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
    private static final long FIRST_HOURS = 1;
    private static final long EVERY_HOURS = 24;

    private final Node node;
    private final EventLog log;
    private final ScheduledFuture<?> daily;
    private volatile int keepDays;

    @Activate
    public Forgetting(NodeConfig config, Map<String, Object> properties, @Reference Node node, @Reference EventLog log) {
        this.node = node;
        this.log = log;
        this.keepDays = check(config, properties);
        daily = node.timer().scheduleAtFixedRate(() -> node.workers().execute(this::forget), FIRST_HOURS, EVERY_HOURS, TimeUnit.HOURS);
    }

    private static int check(NodeConfig config, Map<String, Object> properties) {
        return Instance.of("transport", properties).within("keepPlacesDays", config.keepPlacesDays(), 1, 36_500);
    }

    /** Forgets those that are due now. Waits for the disk. */
    void forget() {
        int forgotten = node.names().forgetUnused(log, Duration.ofDays(keepDays));
        if (forgotten > 0) {
            LOG.info("{} subscribers are no longer remembered: they have not come back for {} days (keepPlacesDays)", forgotten, keepDays);
        }
    }

    @Modified
    void modified(NodeConfig config, Map<String, Object> properties) {
        try {
            keepDays = check(config, properties);
        } catch (IllegalArgumentException e) {
            Instance.of("transport", properties).refused(e);
        }
    }

    @Deactivate
    void stop() {
        daily.cancel(false);
    }
}
