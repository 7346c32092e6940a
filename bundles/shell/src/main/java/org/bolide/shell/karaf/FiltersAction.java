package org.bolide.shell.karaf;

import java.io.PrintStream;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.bolide.shell.command.FilterCommands;

/** {@code bolide:filters}. */
@Service
@Command(scope = "bolide", name = "filters", description = "Lists the filters in use and what they cost, the most expensive first.")
public final class FiltersAction extends FilterAction {

    @Override
    void run(FilterCommands commands, PrintStream out) {
        commands.list(out);
    }
}
