package org.bolide.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

import org.bolide.api.xml.IsoTime;

/**
 * How far a remote broker's clock is from this machine's, by the time stamps of its messages (VTP 2.0, section 4): the median of
 * the last few, so that one message that was held up says nothing. Safe for any number of threads.
 */
final class RemoteClock {

    /** Clocks that differ by no more are in order: stamps have whole seconds, and messages take a while. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    private static final int MOST = 5;
    /** Fewer do not make a warning. */
    private static final int ENOUGH = 3;
    /** A stamp without a zone that is further off may be local time. */
    private static final Duration UNZONED = Duration.ofMinutes(7);
    private static final Duration STANDS_STILL = Duration.ofSeconds(2);
    private static final Pattern WITH_TIME = Pattern.compile(".*:\\d\\d.*", Pattern.DOTALL);
    private static final Pattern ZONED = Pattern.compile(".*:.*(Z|UTC?|[+-]\\d\\d:?\\d\\d)", Pattern.DOTALL);

    private final Deque<Duration> ahead = new ArrayDeque<>();
    private String lastText = "";
    private Instant lastAt = Instant.MIN;

    /**
     * A message has come. What is no time, and what cannot be one, is left out: some clients write what they like.
     *
     * @param stamp as it was written
     * @param receivedAt by this machine's clock
     */
    synchronized void said(String stamp, Instant receivedAt) {
        boolean standsStill = stamp.equals(lastText) && receivedAt.isAfter(lastAt.plus(STANDS_STILL));
        if (!stamp.equals(lastText)) {
            lastText = stamp;
            lastAt = receivedAt;
        }
        if (standsStill) {
            ahead.clear(); // it is written once and for all
            return;
        }
        if (!WITH_TIME.matcher(stamp).matches()) {
            return;
        }
        IsoTime.parse(stamp).map(time -> Duration.between(receivedAt, time))
                .filter(difference -> ZONED.matcher(stamp.strip()).matches() || difference.abs().compareTo(UNZONED) <= 0)
                .ifPresent(this::add);
    }

    private void add(Duration difference) {
        ahead.addLast(difference);
        if (ahead.size() > MOST) {
            ahead.removeFirst();
        }
    }

    /** There is another remote broker. */
    synchronized void reset() {
        ahead.clear();
        lastText = "";
    }

    /** By how much its clock is ahead, negative if it is behind; empty as long as it has not said. */
    synchronized Optional<Duration> ahead() {
        return ahead.isEmpty() ? Optional.empty() : Optional.of(ahead.stream().sorted().toList().get(ahead.size() / 2));
    }

    /** The same where it is too much to be left alone. */
    synchronized Optional<Duration> wrong() {
        return ahead.size() < ENOUGH ? Optional.empty() : ahead().filter(median -> median.abs().compareTo(TOLERANCE) > 0);
    }
}
