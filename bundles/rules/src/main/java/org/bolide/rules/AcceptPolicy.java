package org.bolide.rules;

import java.util.List;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventValidator;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;

/** The accept rules in force: the first that matches decides; what none matches is taken. */
final class AcceptPolicy implements EventValidator {

    private volatile List<LiveRule<AcceptRule>> rules = List.of();

    /** From now on these decide, in this order. */
    void use(List<LiveRule<AcceptRule>> now) {
        rules = now;
    }

    @Override
    public void validate(BrokerEvent candidate, Submission submission) throws RefusedException {
        Sender sender = new Sender(submission.source());
        for (LiveRule<AcceptRule> live : rules) {
            if (!live.rule().matches(candidate, submission.origin(), sender)) {
                continue;
            }
            Rule.Head head = live.rule().head();
            switch (live.filter().test(candidate)) {
                case NO -> { }
                case YES -> {
                    live.tally().decided(head.allow());
                    if (!head.allow()) {
                        throw new RefusedException(head.refusal());
                    }
                    return;
                }
                case UNKNOWN -> {
                    live.tally().undecided();
                    throw new IllegalStateException(head + " cannot decide: " + live.filter().fault().orElseThrow());
                }
            }
        }
    }
}
