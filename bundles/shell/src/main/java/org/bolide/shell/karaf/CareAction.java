package org.bolide.shell.karaf;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.bolide.shell.command.Caller;
import org.bolide.shell.command.Refusal;

/** What the commands about the event log need of Karaf. */
abstract class CareAction implements Action {

    @Reference
    private Session session;

    @Override
    public final Object execute() throws CommandException, InterruptedException {
        try {
            run(new KarafCaller(session));
            return null;
        } catch (Refusal e) {
            throw new CommandException(e.getMessage(), e.getMessage(), e);
        }
    }

    /** A service that is missing is said, instead of hiding the command. */
    static <T> T need(T service) throws Refusal {
        if (service == null) {
            throw new Refusal("Not now: the event log does not run. The log file says why.");
        }
        return service;
    }

    abstract void run(Caller caller) throws Refusal, InterruptedException;
}
