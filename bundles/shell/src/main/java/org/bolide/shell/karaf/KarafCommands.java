package org.bolide.shell.karaf;

import java.util.List;

import org.apache.karaf.shell.api.console.SessionFactory;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Services;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Puts the commands into Karaf's shell as long as that runs. */
@Component(service = {}, immediate = true)
public final class KarafCommands {

    private final SessionFactory sessions;
    private final List<KarafCommand> registered;

    @Activate
    public KarafCommands(@Reference SessionFactory sessions, @Reference Services services) {
        this.sessions = sessions;
        Commands commands = new Commands(services);
        registered = commands.all().stream().map(command -> new KarafCommand(commands, command.grammar())).toList();
        registered.forEach(sessions.getRegistry()::register);
    }

    @Deactivate
    void close() {
        registered.forEach(sessions.getRegistry()::unregister);
    }
}
