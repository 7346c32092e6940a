package org.bolide.shell.karaf;

import java.util.List;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.bolide.api.EventIntake;
import org.bolide.shell.command.Caller;
import org.bolide.shell.command.ImportCommand;
import org.bolide.shell.command.Refusal;

/** {@code bolide:import}. */
@Service
@Command(scope = "bolide", name = "import", description = "Takes events from files, directories and archives into the log.")
public final class ImportAction extends CareAction {

    @Reference(optional = true)
    private EventIntake intake;

    @Option(name = "--quiet", description = "The events only enter the log: no subscriber and no handler takes them for news.")
    private boolean quiet;

    @Argument(name = "FILE", required = true, multiValued = true, description = "Files, directories and tar archives.")
    @Completion(FileCompleter.class)
    private List<String> files;

    @Override
    void run(Caller caller) throws Refusal, InterruptedException {
        new ImportCommand(need(intake), quiet).run(files, caller);
    }
}
