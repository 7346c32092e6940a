package org.bolide.shell.karaf;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.bolide.api.management.LogMaintenance;
import org.bolide.shell.command.Caller;
import org.bolide.shell.command.LogCommands;
import org.bolide.shell.command.Refusal;

/** {@code bolide:log}. */
@Service
@Command(scope = "bolide", name = "log", description = "The event log: what it holds, check, backup, compact, move to PostgreSQL.")
public final class LogAction extends CareAction {

    @Reference(optional = true)
    private LogMaintenance log;

    @Argument(name = "WHAT", description = "status, check, backup, compact or migrate.")
    @Completion(value = StringsCompleter.class, values = {"status", "check", "backup", "compact", "migrate"})
    private String what = "status";

    @Argument(index = 1, name = "FILE", description = "For backup: the file for the copy; a relative name begins at the base directory.")
    private String file;

    @Option(name = "--to", description = "For migrate: jdbc:postgresql://HOST/DATABASE.")
    private String to;

    @Option(name = "--user", description = "For migrate: the database's user; the password is asked for.")
    private String user = "";

    @Override
    void run(Caller caller) throws Refusal, InterruptedException {
        LogCommands commands = new LogCommands(need(log));
        switch (what) {
            case "status" -> commands.status(caller);
            case "check" -> commands.check(caller);
            case "backup" -> commands.backup(given(file, "the file for the copy"), caller);
            case "compact" -> commands.compact(caller);
            case "migrate" -> commands.migrate(given(to, "--to=jdbc:postgresql://HOST/DATABASE"), user, caller);
            default -> throw Refusal.usage("log: \"" + what + "\" is none of status, check, backup, compact, migrate");
        }
    }

    private static String given(String value, String name) throws Refusal {
        if (value == null) {
            throw Refusal.usage("log: " + name + " is missing");
        }
        return value;
    }
}
