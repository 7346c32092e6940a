package org.bolide.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.HealthCheck;

/** What is wrong with a remote broker, or between it and this one. */
final class RemoteHealth implements HealthCheck {

    private static final Optional<String> COMMAND = Optional.of("remotes");
    /** So long it may take to connect before that is a problem, where it has not failed yet. */
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONG_DOWN = Duration.ofMinutes(1);
    /** A broker says something at least every 90 s (VTP 2.0, section 5.2). */
    private static final Duration SILENT = Duration.ofSeconds(95);

    private final Subscription subscription;
    private final InstantSource clock;

    RemoteHealth(Subscription subscription, InstantSource clock) {
        this.subscription = subscription;
        this.clock = clock;
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        Optional<String> fault = subscription.filters().fault();
        if (fault.isPresent()) {
            problems.add(problem(Weight.NOT_READY, "takes nothing: " + fault.get(), Optional.empty()));
        } else {
            connection().ifPresent(problems::add);
        }
        Optional<UpstreamLink> link = subscription.dialer().link();
        link.flatMap(UpstreamLink::refusal).ifPresent(reason -> problems.add(problem(Weight.WARNING,
                "has refused the filters, so that it may send nothing, or not what was asked for: " + reason + "; change key filters", Optional.empty())));
        subscription.nameThere().refusal().ifPresent(reason -> problems.add(problem(Weight.WARNING,
                "does not remember this broker, so what comes while the connection is down is missed: " + reason, Optional.empty())));
        subscription.clock().wrong().ifPresent(ahead -> problems.add(new Problem(Weight.WARNING, subscription.name() + " clock",
                "the clock of " + subscription.remote() + " is " + text(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of")
                        + " this machine's: check that both use NTP", Optional.empty(), COMMAND)));
        return problems;
    }

    private Optional<Problem> connection() {
        Dialer dialer = subscription.dialer();
        Instant now = clock.instant();
        Optional<UpstreamLink> link = dialer.link();
        Optional<Instant> heard = link.flatMap(UpstreamLink::lastHeard);
        if (heard.isPresent()) {
            return silent(heard.get(), now);
        }
        Instant since = dialer.notHeardSince();
        Duration down = Duration.between(since, now);
        if (link.isPresent() && down.compareTo(SILENT) < 0) {
            return Optional.empty(); // some say nothing until their first sign of life
        }
        if (dialer.lastFailure().isEmpty() && (link.isPresent() || down.compareTo(FIRST) < 0)) {
            return link.flatMap(standing -> silent(standing.since, now));
        }
        return Optional.of(problem(down.compareTo(LONG_DOWN) > 0 ? Weight.NOT_READY : Weight.WARNING,
                "brings nothing: " + dialer.lastFailure().orElse("it is being connected to")
                        + "; see whether host and port are right, and whether it lets this broker in", Optional.of(since)));
    }

    private Optional<Problem> silent(Instant since, Instant now) {
        Duration silence = Duration.between(since, now);
        return silence.compareTo(SILENT) <= 0 ? Optional.empty() : Optional.of(problem(Weight.WARNING,
                "is connected and has sent nothing for " + text(silence) + ", not even a sign of life; after "
                        + subscription.config().idleSeconds() + " s (idleSeconds) the connection is made again", Optional.of(since)));
    }

    private Problem problem(Weight weight, String text, Optional<Instant> since) {
        return new Problem(weight, subscription.name(), subscription.remote() + " " + text, since, COMMAND);
    }

    /** {@code 12 s}, or in the largest unit of which there are two. */
    private static String text(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1000.0);
        return seconds < 120 ? seconds + " s" : seconds < 7_200 ? seconds / 60 + " min" : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
    }
}
