package org.bolide.shell.command;

import java.util.List;
import java.util.Optional;

import org.bolide.api.management.Filters;
import org.bolide.api.management.Filters.FilterStatus;

/** {@code filters}: the filters in use, the most expensive first. */
final class FiltersCommand implements Command {

    private static final Grammar GRAMMAR = Grammar.of("filters", Form.shows(""));

    private static final Listing<FilterStatus> LISTING = new Listing<FilterStatus>()
            .column("Language", "language", FilterStatus::language)
            .column(">Evaluated", "evaluations", FilterStatus::evaluations)
            .column(">Passed", "passed", FilterStatus::passed)
            .column(">Failed", "failed", FilterStatus::failed)
            .column(">Overran", "overran", FilterStatus::overran)
            .column(">Mean µs", "meanMicroseconds", FiltersCommand::mean)
            .column("Filter", "filter", FilterStatus::text, filter -> Screen.line(filter.text()).strip().replaceAll(" +", " "));

    private final Services services;

    FiltersCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal {
        List<FilterStatus> all = services.need(Filters.class).filters();
        if (all.isEmpty() && !call.wantsJson()) {
            call.out().println("No filter is in use.");
        } else {
            call.show(LISTING, all);
        }
        return 0;
    }

    private static Optional<Double> mean(FilterStatus filter) {
        return filter.evaluations() == 0 ? Optional.empty() : Optional.of(filter.time().toNanos() / 1e3 / filter.evaluations());
    }
}
