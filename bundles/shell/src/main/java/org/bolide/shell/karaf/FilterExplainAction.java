package org.bolide.shell.karaf;

import java.io.PrintStream;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.bolide.shell.command.FilterCommands;
import org.bolide.shell.command.Refusal;

/** {@code bolide:filter-explain}. */
@Service
@Command(scope = "bolide", name = "filter-explain", description = "Tells why an event passes a filter or not: what each part of the filter gives.")
public final class FilterExplainAction extends FilterAction {

    @Option(name = "--language", description = "The filter's language: xpath or xquery.")
    @Completion(value = StringsCompleter.class, values = {"xpath", "xquery"})
    private String language = "xpath";

    @Argument(name = "EVENT", description = "The event's IVOID, or its sequence in the log.")
    private String event;

    @Argument(index = 1, name = "FILTER", description = "The filter, in single quotes.")
    private String filter;

    @Override
    void run(FilterCommands commands, PrintStream out) throws Refusal {
        commands.explain(language, event, given(filter), out);
    }
}
