package org.bolide.shell.karaf;

import java.io.PrintStream;
import java.time.Clock;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.support.CommandException;
import org.bolide.api.EventLog;
import org.bolide.api.management.Filters;
import org.bolide.shell.command.FilterCommands;
import org.bolide.shell.command.Refusal;

/** What the commands about filters need of Karaf. A service that is missing is said, instead of hiding the command. */
abstract class FilterAction implements Action {

    @Reference(optional = true)
    private Filters filters;

    @Reference(optional = true)
    private EventLog log;

    @Override
    public final Object execute() throws CommandException {
        try {
            if (filters == null || log == null) {
                throw new Refusal("Not now: " + (filters == null ? "filters are evaluated by org.bolide.filtering, which"
                        : "the event log") + " does not run. The log file says why.");
            }
            run(new FilterCommands(filters, log, Clock.systemUTC()), System.out);
            return null;
        } catch (Refusal e) {
            throw new CommandException(e.getMessage(), e.getMessage(), e);
        }
    }

    /** Karaf's own message tells nobody that the shell takes what follows // for a comment. */
    static String given(String filter) throws Refusal {
        if (filter == null) {
            throw new Refusal("The filter is missing. Put it in single quotes: outside of them // begins a comment here.");
        }
        return filter;
    }

    abstract void run(FilterCommands commands, PrintStream out) throws Refusal;
}
