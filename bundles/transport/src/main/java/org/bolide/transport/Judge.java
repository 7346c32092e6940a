package org.bolide.transport;

import java.util.Optional;
import java.util.Set;

import org.bolide.api.BrokerEvent;
import org.bolide.api.RelayPolicy;
import org.bolide.api.RelayPolicy.Audience;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether one subscriber is sent an event: whom the owner takes it for, and its filters, some of which may be tried now
 * and the others later. Used in its delivery's work only.
 */
final class Judge {

    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

    private static final Audience EVERYBODY = new Audience() {

        @Override
        public boolean mayReceive(BrokerEvent event) {
            return true;
        }

        @Override
        public Set<String> filterLanguages() {
            return Set.of(Languages.XPATH);
        }
    };

    private final SubscriberLink link;
    private final Broadcaster broadcaster;
    private Audience audience = EVERYBODY;
    /** How many filters have not let the next event pass. */
    private int tried;

    Judge(SubscriberLink link, Broadcaster broadcaster) {
        this.link = link;
        this.broadcaster = broadcaster;
    }

    /** Asks the owner's policy whom it takes the subscriber for. */
    void joinAudience() {
        RelayPolicy policy = broadcaster.policy();
        audience = policy == null ? EVERYBODY : policy.audienceOf(broadcaster.name(), link.inetAddress());
    }

    /** The languages in which the subscriber may filter. */
    Set<String> filterLanguages() {
        return audience.filterLanguages();
    }

    /** Whether there is no policy. */
    boolean hasNoPolicy() {
        return audience == EVERYBODY;
    }

    /** Whether filters were tried on the next event, but not all. */
    boolean isHalfway() {
        return tried > 0;
    }

    /** All filters are to be tried on the next event. */
    void startOver() {
        tried = 0;
    }

    /**
     * Whether the subscriber is sent the event; empty if the time is over before that is known, to go on later.
     *
     * @param until by {@link System#nanoTime}
     */
    Optional<Boolean> judge(BrokerEvent event, FilterSet set, long until) {
        if (!broadcaster.roots().contains(event.header().root())) {
            return Optional.of(false);
        }
        if (tried == 0 && !audience.mayReceive(event)) {
            broadcaster.counters().count("held-back");
            LOG.debug("id={} position={} source={} is held back from {}", event.header().identifier().orElse("?"), event.sequence(),
                    event.source(), link.address);
            return Optional.of(false);
        }
        if (set.filters().isEmpty()) {
            return Optional.of(set.everything());
        }
        boolean passes = false;
        while (!passes && tried < set.filters().size() && System.nanoTime() - until < 0 && !link.isOver()) {
            passes = set.filters().get(tried++).expression().matches(event);
        }
        if (!passes && tried < set.filters().size()) {
            return Optional.empty();
        }
        tried = 0;
        return Optional.of(passes);
    }
}
