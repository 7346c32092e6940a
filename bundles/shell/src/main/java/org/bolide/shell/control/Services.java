package org.bolide.shell.control;

import java.util.Optional;

import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.management.Filters;
import org.bolide.api.management.LogMaintenance;
import org.bolide.shell.command.Refusal;

/** What commands work with, as far as it runs just now. */
interface Services {

    Optional<EventIntake> intake();

    Optional<EventLog> log();

    Optional<Filters> filters();

    Optional<LogMaintenance> maintenance();

    /** The service, or why the command cannot be carried out. */
    static <T> T need(Optional<T> service, String what) throws Refusal {
        return service.orElseThrow(() -> new Refusal("Not now: " + what + " does not run. The log file says why."));
    }
}
