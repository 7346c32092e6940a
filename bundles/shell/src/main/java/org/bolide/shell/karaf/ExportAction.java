package org.bolide.shell.karaf;

import java.util.Optional;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.bolide.api.EventLog;
import org.bolide.shell.command.Caller;
import org.bolide.shell.command.ExportCommand;
import org.bolide.shell.command.Refusal;

/** {@code bolide:export}. */
@Service
@Command(scope = "bolide", name = "export", description = "Writes the log's events into an archive.")
public final class ExportAction extends CareAction {

    @Reference(optional = true)
    private EventLog log;

    @Option(name = "--since", description = "Events received at this time or later, such as 2026-03-20 or 2026-03-20T12:00, in UTC.")
    private String since;

    @Option(name = "--until", description = "Events received before this time.")
    private String until;

    @Option(name = "--output", required = true, description = "The archive; .tar.gz and .tar.bz2 are packed.")
    private String output;

    @Override
    void run(Caller caller) throws Refusal, InterruptedException {
        new ExportCommand(need(log)).run(Optional.ofNullable(since), Optional.ofNullable(until), Optional.of(output), caller);
    }
}
