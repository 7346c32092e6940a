package org.bolide.transport;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The name under which a remote Bolide is asked to remember this broker. Safe for any number of threads. */
final class NameThere {

    private static final Logger LOG = LoggerFactory.getLogger(NameThere.class);
    private static final long UNNAMED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Subscription subscription;
    /** Until then the remote broker is not asked for the name again, by {@link System#nanoTime}. */
    private volatile long unnamedUntil = System.nanoTime();
    private volatile String refusal = "";

    NameThere(Subscription subscription) {
        this.subscription = subscription;
    }

    /** The name; empty if the remote broker shall not remember this one, or has refused to. */
    Optional<String> now() {
        String name = subscription.name();
        return subscription.config().remembered() && subscription.node().localIvoid().isPresent() && System.nanoTime() - unnamedUntil >= 0
                ? Optional.of(of(name.substring(name.indexOf('.') + 1))) : Optional.empty();
    }

    /** Why it does not remember this broker; empty if it does, or was not asked. */
    Optional<String> refusal() {
        return refusal.isEmpty() || !subscription.config().remembered() ? Optional.empty() : Optional.of(refusal);
    }

    /** It does. */
    void accepted() {
        refusal = "";
    }

    /** As it is where that is a name for subscribers, else with a digest of what was replaced. */
    static String of(String text) {
        String name = text.replaceAll("[^A-Za-z0-9._~+@-]", "_");
        return name.equals(text) && name.length() <= 64 ? name
                : name.substring(0, Math.min(50, name.length())) + '~' + Integer.toHexString(text.hashCode());
    }

    /** There is another remote broker. */
    void reset() {
        unnamedUntil = System.nanoTime();
        refusal = "";
    }

    /** The remote broker has refused the name, or given it to another connection: it is not asked again for a while. */
    void refused(String why) {
        refusal = why;
        unnamedUntil = System.nanoTime() + UNNAMED_NANOS;
        subscription.counters().count("name-refused");
        LOG.warn("{}: {} does not remember this broker, so what comes while the connection is down will be missed: {}. If another broker has the same"
                + " identifier {} and a subscription of the same name, give it an identifier of its own; else see to it at the remote broker",
                subscription.name(), subscription.remote(), why, subscription.localName());
    }
}
