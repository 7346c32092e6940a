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

/** {@code bolide:filter-test}. */
@Service
@Command(scope = "bolide", name = "filter-test", description = "Tells which events of the last days pass a filter; Ctrl-C ends it early.")
public final class FilterTestAction extends FilterAction {

    @Option(name = "--days", description = "How many days back the events were received.")
    private int days = 30;

    @Option(name = "--language", description = "The filter's language: xpath or xquery.")
    @Completion(value = StringsCompleter.class, values = {"xpath", "xquery"})
    private String language = "xpath";

    @Option(name = "--matches", description = "How many of the newest events that pass are named.")
    private int matches = 10;

    @Argument(name = "FILTER", description = "The filter, in single quotes: '//Param[@name=\"magnitude\" and @value<15]'.")
    private String filter;

    @Override
    void run(FilterCommands commands, PrintStream out) throws Refusal {
        commands.test(language, given(filter), days, matches, out);
    }
}
