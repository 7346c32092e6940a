package org.bolide.api.management;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.osgi.annotation.versioning.ProviderType;

import static java.util.Objects.requireNonNull;

/** The filters in use, and what a filter would have done. Registered by the bundle that evaluates filters. */
@ProviderType
public interface Filters {

    /** The distinct filters that anybody holds, the most expensive first. Does not block. */
    List<FilterStatus> filters();

    /**
     * Runs a filter over what the log holds, from the newest event back. Reads the disk for as long as that takes; ends early, with
     * what it has, when the thread is interrupted, and leaves the flag set.
     *
     * @param language see {@link org.bolide.api.FilterLanguage#LANGUAGE}
     * @param since the events received from then on are tried
     * @param maxMatches how many of the newest matches are named in the result
     * @throws FilterSyntaxException if the text is not a filter, or the language is not known here
     * @throws java.io.UncheckedIOException if the log cannot be read
     */
    Trial test(String language, String text, Instant since, int maxMatches) throws FilterSyntaxException;

    /**
     * Tells why an event passes a filter or not; reads the disk. The result of the whole begins with {@code passes} or
     * {@code does not pass}.
     *
     * @param sequence the event's place in the log
     * @return empty if the log does not hold that event
     * @throws FilterSyntaxException if the text is not a filter, or the language is not known here
     * @throws java.io.UncheckedIOException if the log cannot be read
     */
    Optional<Explanation> explain(String language, String text, long sequence) throws FilterSyntaxException;

    /**
     * A filter in use. What was decided by an index without evaluating counts with the evaluations, at no time.
     *
     * @param evaluations events decided on
     * @param passed how many of them passed
     * @param failed how many ended in an error
     * @param overran how many were ended because they cost too much
     * @param time spent on all of them
     */
    record FilterStatus(
            String language, String text, long evaluations, long passed, long failed, long overran, Duration time) {}

    /**
     * What a filter would have done.
     *
     * @param events events tried
     * @param passed how many of them pass
     * @param failed how many ended in an error
     * @param overran whether one was ended because it cost too much: a subscriber would lose this filter
     * @param since the events received from then on were tried: the time that was asked for, or a later one if the trial was ended
     * @param newest the newest matches, newest first
     */
    record Trial(long events, long passed, long failed, boolean overran, Instant since, List<Match> newest) {

        public Trial {
            requireNonNull(since);
            newest = List.copyOf(newest);
        }
    }

    /** An event that passes. */
    record Match(long sequence, Optional<String> identifier, Instant receivedAt) {}
}
