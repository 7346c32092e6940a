package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.broker.LaneOrders.Trial;

/** What is wrong with a lane. */
final class LaneProblems {

    private static final Duration LONG_TRIAL = Duration.ofMinutes(1);
    private static final Duration LONG_BACKLOG = Duration.ofMinutes(5);
    private static final int MOST_CHARACTERS = 200;

    private LaneProblems() {}

    static List<Problem> of(Lane lane, Instant now) {
        List<Problem> problems = new ArrayList<>();
        String name = lane.spec().name();
        if (lane.end().isPresent()) {
            return List.of(problem(name, "it is not called any more, by a fault of the broker or of its filter (%s); restart its bundle"
                    .formatted(Text.cut(lane.end().get(), MOST_CHARACTERS)), Optional.empty()));
        }
        lane.pausedSince().ifPresent(since -> problems.add(problem(name,
                "it is paused and its events wait; \"handlers resume %s\" has it go on".formatted(name), Optional.of(since))));
        lane.suspension().ifPresent(suspension -> problems.add(problem(name,
                "it is suspended and its events wait: %s; correct its filter, or install what is missing"
                        .formatted(Text.cut(suspension.why(), MOST_CHARACTERS)), Optional.of(suspension.since()))));
        Optional<Trial> trial = lane.trial();
        trial.filter(tried -> tried.since().plus(LONG_TRIAL).isBefore(now)).ifPresent(tried -> problems.add(problem(name,
                "it has failed %d time%s with event %s (sequence %d) and tries again, lastly: %s; mend what it needs, or \"handlers skip %s\""
                        .formatted(tried.attempts(), tried.attempts() == 1 ? "" : "s", tried.first().header().identifier().map(text -> Text.cut(text, MOST_CHARACTERS)).orElse("?"),
                                tried.first().sequence(), Text.cut(tried.failure(), MOST_CHARACTERS), name), Optional.of(tried.since()))));
        if (problems.isEmpty() && trial.isEmpty()) {
            Instant longAgo = now.minus(LONG_BACKLOG);
            lane.backlog().filter(backlog -> backlog.receivedAt().isBefore(longAgo) && backlog.since().isBefore(longAgo))
                    .ifPresent(backlog -> problems.add(problem(name,
                            "it is %,d sequences behind, its oldest event came at %tT UTC on %<tF; see what slows it down"
                                    .formatted(lane.status().lag(), backlog.receivedAt().atOffset(java.time.ZoneOffset.UTC)),
                            Optional.of(backlog.since()))));
        }
        return problems;
    }

    static Problem problem(String handler, String text, Optional<Instant> since) {
        return new Problem(Weight.WARNING, "handler " + handler, text, since, Optional.of("handlers"));
    }
}
