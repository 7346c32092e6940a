package org.bolide.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.HealthCheck;

/** Tells of each stream that is silent; of very many, how many. */
final class Silences implements HealthCheck {

    private static final int MOST = 10;
    private static final Optional<String> COMMAND = Optional.of("streams");

    private final StreamBook book;

    Silences(StreamBook book) {
        this.book = book;
    }

    @Override
    public List<Problem> problems() {
        List<StreamBook.Silence> silences = book.silences();
        List<Problem> problems = new ArrayList<>();
        for (StreamBook.Silence silence : silences.subList(0, Math.min(MOST, silences.size()))) {
            problems.add(new Problem(Weight.WARNING, silence.subject(), "it " + silence.text() + "; see to where it comes from", Optional.of(silence.since()), COMMAND));
        }
        if (silences.size() > MOST) {
            problems.add(new Problem(Weight.WARNING, "streams", silences.size() - MOST + " more streams are silent; see to where they come from",
                    Optional.empty(), COMMAND));
        }
        return problems;
    }
}
