package org.bolide.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the broker is live and ready. Safe for any number of threads. */
final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final Host host;

    Health(Host host) {
        this.host = host;
    }

    /** What is wrong just now, the worst first. Does not block. */
    List<Problem> problems() {
        List<Problem> all = new ArrayList<>();
        if (host.run().isEmpty()) {
            all.add(new Problem(Weight.NOT_READY, "start", "The broker is still starting; the log says what it waits for.",
                    Optional.empty(), Optional.empty()));
        }
        for (HealthCheck check : host.checks()) {
            try {
                all.addAll(check.problems());
            } catch (RuntimeException e) {
                LOG.warn("{} could not tell whether all is in order; this is a defect, please report it", check.getClass().getName(), e);
                all.add(new Problem(Weight.WARNING, check.getClass().getName(),
                        "It could not tell whether all is in order; the log file has the error.", Optional.empty(), Optional.empty()));
            }
        }
        all.sort(Comparator.comparing(Problem::weight).thenComparing(Problem::subject));
        return all;
    }

    /** Whether only a restart would help. */
    static boolean isLive(List<Problem> problems) {
        return problems.stream().noneMatch(problem -> problem.weight() == Weight.NOT_LIVE);
    }

    /** Whether the broker does what it was started for. */
    static boolean isReady(List<Problem> problems) {
        return problems.stream().noneMatch(problem -> problem.weight() != Weight.WARNING);
    }

    /** In the words of the pages and of the metric's label: {@code not-ready}. */
    static String word(Weight weight) {
        return switch (weight) {
            case NOT_LIVE -> "not-live";
            case NOT_READY -> "not-ready";
            case WARNING -> "warning";
        };
    }
}
