package org.bolide.shell.service;

import java.util.List;

import org.bolide.api.management.CommandLine;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Refusal;
import org.bolide.shell.command.Services;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs commands for front ends that have neither files nor a terminal. */
@Component(service = CommandLine.class)
public final class CommandService implements CommandLine {

    private final Commands commands;

    @Activate
    public CommandService(@Reference Services services) {
        this(new Commands(services));
    }

    CommandService(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Answer run(List<String> words, Caller caller) throws InterruptedException {
        RemoteCaller remote = new RemoteCaller(caller);
        try {
            int status = commands.run(words, remote);
            String text = remote.text();
            return new Answer(status, text, status != 0 && text.isEmpty() ? "Nothing was done." : "");
        } catch (Refusal e) {
            return new Answer(e.status(), remote.text(), e.getMessage());
        } catch (RemoteCaller.Impossible e) {
            return new Answer(Refusal.USAGE, "", e.getMessage());
        }
    }
}
