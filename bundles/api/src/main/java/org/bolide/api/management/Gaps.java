package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.osgi.annotation.versioning.ConsumerType;

/** When this broker heard nothing of its remote brokers. Registered by whoever subscribes; the newest are kept across restarts. */
@ConsumerType
public interface Gaps {

    /** The gaps, oldest first. Does not block. */
    List<Gap> gaps();

    /**
     * A time in which nothing could come from a remote broker, because the connection or this broker was down.
     *
     * @param remote the name of the subscription, for example {@code subscription.gcn}
     * @param from when the remote was last heard of
     * @param until when it was heard of again; empty while it lasts
     * @param missed how many events this broker has missed for good: 0 where the remote has sent them later; empty where it cannot be known
     */
    record Gap(String remote, Instant from, Optional<Instant> until, OptionalLong missed) {}
}
