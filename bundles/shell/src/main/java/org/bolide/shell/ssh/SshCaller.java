package org.bolide.shell.ssh;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

import org.bolide.shell.command.Caller;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;

/** A user who has come in by ssh. Relative file names begin at the base directory: the files are the broker's machine's. */
record SshCaller(Logins.Login login, Path directory, InputStream in, PrintStream out, PrintStream err, Optional<LineReader> terminal)
        implements Caller {

    @Override
    public String user() {
        return login.user();
    }

    @Override
    public String frontEnd() {
        return "ssh";
    }

    @Override
    public boolean mayChange() {
        return login.isAdmin();
    }

    @Override
    public boolean isInputTerminal() {
        return terminal.isPresent();
    }

    @Override
    public boolean isTerminal() {
        return terminal.isPresent();
    }

    @Override
    public boolean isErrorTerminal() {
        return terminal.isPresent();
    }

    @Override
    public Optional<String> variable(String name) {
        return Optional.empty(); // what a client sends would be taken for the broker's
    }

    @Override
    public Optional<String> password(String prompt) {
        try {
            return terminal.map(reader -> reader.readLine(prompt, '*'));
        } catch (UserInterruptException | EndOfFileException e) {
            return Optional.empty(); // none was given
        }
    }
}
