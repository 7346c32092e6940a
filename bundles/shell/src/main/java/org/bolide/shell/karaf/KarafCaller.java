package org.bolide.shell.karaf;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

import org.apache.karaf.shell.api.console.Session;
import org.bolide.shell.command.Caller;

/** Whoever types at Karaf's prompt. Relative file names begin at the base directory, where that process is. */
final class KarafCaller implements Caller {

    private final Session session;

    KarafCaller(Session session) {
        this.session = session;
    }

    @Override
    public String user() {
        Object user = session.get("USER");
        return user == null ? System.getProperty("user.name") : user.toString();
    }

    @Override
    public String frontEnd() {
        return "Karaf's shell";
    }

    @Override
    public InputStream in() {
        return System.in;
    }

    @Override
    public boolean isInputTerminal() {
        return session.getTerminal() != null;
    }

    @Override
    public PrintStream out() {
        return System.out;
    }

    @Override
    public PrintStream err() {
        return System.err;
    }

    @Override
    public boolean isTerminal() {
        return true;
    }

    @Override
    public boolean isErrorTerminal() {
        return session.getTerminal() != null;
    }

    @Override
    public Path directory() {
        return Path.of(System.getProperty("karaf.base", "")).toAbsolutePath();
    }

    @Override
    public Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name));
    }

    @Override
    public Optional<String> password(String prompt) {
        try {
            return Optional.ofNullable(session.readLine(prompt, '*'));
        } catch (IOException e) {
            return Optional.empty(); // there is no terminal
        }
    }
}
