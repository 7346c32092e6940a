package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import static java.util.Objects.requireNonNull;

/**
 * Knows what is wrong just now. Registered by each bundle that can tell; asked by whoever shows it: the command {@code status},
 * {@code /health}, the metrics.
 */
@ConsumerType
public interface HealthCheck {

    /** What is wrong just now; empty if all is in order. Called often, by any thread; does not block. */
    List<Problem> problems();

    /** How bad it is. */
    enum Weight {
        /** Only a restart helps. */
        NOT_LIVE,
        /** The broker cannot do what it was started for: it does not take or send events as it should. */
        NOT_READY,
        /** Somebody should look. */
        WARNING
    }

    /**
     * One thing that is wrong.
     *
     * @param weight how bad it is
     * @param subject what it is about, the same as long as it lasts: {@code log}, {@code receiver.public}, {@code handler save-event}
     * @param text what is wrong and what to do, one sentence
     * @param since since when, where that is known
     * @param command what shows more, as it is typed after {@code bolide}: {@code remotes}; empty where nothing does
     */
    record Problem(Weight weight, String subject, String text, Optional<Instant> since, Optional<String> command) {

        public Problem {
            requireNonNull(weight);
            requireNonNull(subject);
            requireNonNull(text);
            requireNonNull(since);
            requireNonNull(command);
        }
    }
}
