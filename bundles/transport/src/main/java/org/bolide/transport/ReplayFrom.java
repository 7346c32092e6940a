package org.bolide.transport;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.xml.IsoTime;

/** From where a subscriber asks for what the log holds: the value of {@code replay-from}. */
final class ReplayFrom {

    /** Why there is no beginning there, and what is allowed. */
    static final class BadReplayException extends Exception {

        private static final long serialVersionUID = 1L;

        BadReplayException(String message) {
            super(message);
        }
    }

    private ReplayFrom() {
    }

    /**
     * Reads a time, by the forms of {@link IsoTime}, or a sequence. Both are inclusive; the sequence may be that of the
     * event that comes next.
     *
     * @param latest the newest sequence of the log
     * @throws BadReplayException if that is neither, or lies in the future
     */
    static Start parse(String text, long latest, Instant now) throws BadReplayException {
        if (text.matches("[0-9]+")) {
            if (text.length() > 18 || Long.parseLong(text) > latest + 1) {
                throw new BadReplayException("replay-from " + Shown.line(text, 40) + " is beyond the newest event of this broker, which has the"
                        + " sequence " + latest + "; allowed are sequences up to " + (latest + 1) + ", and times");
            }
            return new Start.After(Math.max(0, Long.parseLong(text) - 1));
        }
        Optional<Instant> time = IsoTime.parse(text);
        if (time.isEmpty()) {
            throw new BadReplayException("replay-from '" + Shown.line(text, 40) + "' is neither a time nor a sequence; write a time as"
                    + " 2026-11-22T03:42:00, 2026-11-22T03:42:00.5Z or 2026-11-22 (without a zone it is UTC), or a sequence from 1 to " + (latest + 1));
        }
        if (time.get().isAfter(now)) {
            throw new BadReplayException("replay-from " + Shown.line(text, 40) + " is in the future; here it is "
                    + now.truncatedTo(ChronoUnit.SECONDS));
        }
        return new Start.Since(time.get());
    }
}
