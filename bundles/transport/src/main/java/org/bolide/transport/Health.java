package org.bolide.transport;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.bolide.api.management.HealthCheck;

/** What is wrong with any listener: it is stopping, or does not run by the settings in its file. Safe for any number of threads. */
final class Health implements HealthCheck {

    private final Instance instance;
    private volatile Problem stopping;
    private volatile Problem settings;

    Health(Instance instance) {
        this.instance = instance;
    }

    /** From now on it lets nobody in. */
    void stopping() {
        stopping = new Problem(Weight.NOT_READY, instance.name(), "stopping: nobody is let in any more, and what was taken is still being answered and sent",
                Optional.of(Instant.now()), Optional.empty());
    }

    /** Changed settings were not taken, see {@link Instance#refused}. */
    void refused(Exception why) {
        instance.refused(why);
        settings = new Problem(Weight.WARNING, instance.name() + " settings",
                "its changed settings were refused, and the former ones are in force; correct " + instance.file() + ": " + why.getMessage(),
                Optional.of(Instant.now()), Optional.of("clients"));
    }

    /** Changed settings were taken. */
    void taken() {
        settings = null;
    }

    @Override
    public List<Problem> problems() {
        return Stream.of(Optional.ofNullable(stopping), Optional.ofNullable(settings)).flatMap(Optional::stream).toList();
    }
}
