package org.bolide.benchmarks.load;

import java.time.Duration;

/**
 * How authors submit.
 *
 * @param events how many at most
 * @param connections connections at a time; of an open loop, at most
 * @param window events without an answer on a connection that is kept; 0 for one event a connection
 * @param perSecond events a second, each at its planned instant; 0 for the next one as soon as one has ended
 * @param limit after which no further event is begun; zero for none
 * @param timeout for one answer
 */
record AuthorPlan(int events, int connections, int window, double perSecond, Duration limit, Duration timeout) {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_IN_FLIGHT = 1024;

    /** One event a connection, the next connection when one has ended. */
    static AuthorPlan oneShot(int events, int connections) {
        return new AuthorPlan(events, connections, 0, 0, Duration.ZERO, TIMEOUT);
    }

    /** Connections that are kept, each with a window of events without an answer. */
    static AuthorPlan pipelined(int events, int connections, int window) {
        return new AuthorPlan(events, connections, window, 0, Duration.ZERO, TIMEOUT);
    }

    /** One event a connection, begun at an even rate whatever becomes of the earlier ones. */
    static AuthorPlan openLoop(int events, double perSecond) {
        return new AuthorPlan(events, MOST_IN_FLIGHT, 0, perSecond, Duration.ZERO, TIMEOUT);
    }

    AuthorPlan within(Duration time) {
        return new AuthorPlan(events, connections, window, perSecond, time, timeout);
    }

    AuthorPlan timeout(Duration time) {
        return new AuthorPlan(events, connections, window, perSecond, limit, time);
    }

    AuthorPlan scaled(double factor) {
        return new AuthorPlan((int) Math.max(1, events * factor), connections, window, perSecond, limit, timeout);
    }

    String describe() {
        if (window > 0) {
            return connections + " kept connections with " + window + " events each";
        }
        return perSecond > 0 ? "%.0f events/s".formatted(perSecond) : connections + " one-shot connections";
    }
}
