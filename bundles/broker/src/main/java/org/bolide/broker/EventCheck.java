package org.bolide.broker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.bolide.api.BrokerEvent;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventValidator;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.bolide.api.Vocabulary;
import org.bolide.api.management.Refusals.Kind;
import org.bolide.api.store.NewEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what is submitted, before it enters the log: the root element, the vocabulary, the validators. Safe for any number of threads. */
final class EventCheck {

    /**
     * An event that may enter, or the receipt of one that may not.
     *
     * @param kind why it is refused; empty also if it only cannot enter now
     */
    record Checked(Optional<NewEvent> event, Receipt refusal, Optional<Kind> kind) {

        static Checked unavailable(String reason) {
            return new Checked(Optional.empty(), new Receipt(Status.UNAVAILABLE, 0, Optional.empty(), reason), Optional.empty());
        }

        static Checked refused(Kind kind, Optional<String> identifier, String reason) {
            return new Checked(Optional.empty(), new Receipt(Status.REFUSED, 0, identifier, reason), Optional.of(kind));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventCheck.class);

    private final Vocabularies vocabularies;
    private final Supplier<List<EventValidator>> validators;

    EventCheck(Vocabularies vocabularies, Supplier<List<EventValidator>> validators) {
        this.vocabularies = vocabularies;
        this.validators = validators;
    }

    Checked check(Submission submission, Instant receivedAt) {
        Optional<String> identifier = Optional.empty();
        try {
            RootElement root = RootElement.locate(submission.content());
            Optional<Vocabulary> vocabulary = vocabularies.find(root.name());
            if (vocabulary.isEmpty()) {
                return Checked.refused(Kind.UNKNOWN, identifier, "wrong root element: " + vocabularies.nobodyReads(root.name()));
            }
            Reading reading = vocabulary.get().read(submission.content());
            identifier = reading.header().identifier();
            if (submission.origin() == Submission.Origin.AUTHOR && !reading.faults().isEmpty()) {
                return Checked.refused(Kind.INVALID, identifier, String.join("; ", reading.faults()));
            }
            Optional<String> undecided = validate(reading, submission, receivedAt);
            if (undecided.isPresent()) {
                return Checked.unavailable(undecided.get());
            }
            return new Checked(
                    Optional.of(new NewEvent(
                            root.digest(submission.content()),
                            reading.header(),
                            submission.content(),
                            submission.source(),
                            receivedAt,
                            reading.faults(),
                            submission.keep().map(receivedAt::plus),
                            submission.quiet())),
                    null, Optional.empty());
        } catch (MalformedEventException e) {
            return Checked.refused(Kind.MALFORMED, identifier, e.getMessage());
        } catch (RefusedException e) {
            return Checked.refused(Kind.RULE, identifier, e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("checking failed: id={} source={}", identifier.orElse("?"), submission.source(), e);
            return Checked.unavailable("the event could not be checked: " + e);
        }
    }

    /** Asks the validators; returns why one cannot decide now. */
    private Optional<String> validate(Reading reading, Submission submission, Instant receivedAt) throws RefusedException {
        List<EventValidator> asked = validators.get();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        BrokerEvent candidate = new DetachedEvent(reading, submission.content(), submission.source(), receivedAt);
        for (EventValidator validator : asked) {
            try {
                validator.validate(candidate, submission);
            } catch (IllegalStateException e) {
                // Its owner knows; an error with a trace for each event would tell nobody more.
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }
}
