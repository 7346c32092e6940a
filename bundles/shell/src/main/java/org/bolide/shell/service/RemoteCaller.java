package org.bolide.shell.service;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

import org.bolide.api.management.CommandLine;
import org.bolide.shell.command.Caller;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Somebody at a front end of another bundle: no files, no terminal, nobody to be asked. What is printed is kept in memory, up to a bound. */
final class RemoteCaller implements Caller {

    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final CommandLine.Caller caller;
    private final Kept kept = new Kept();
    private final PrintStream out = new PrintStream(kept, false, UTF_8);

    RemoteCaller(CommandLine.Caller caller) {
        this.caller = caller;
    }

    /** What cannot be done from there, or not as a whole; the message is for people. */
    static final class Impossible extends RuntimeException {

        private static final long serialVersionUID = 1;

        Impossible(String message) {
            super(message);
        }
    }

    /** Not a {@link ByteArrayOutputStream} with a bound: a print stream swallows only {@code IOException}s. */
    private static final class Kept extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            if (bytes.size() + length > MAX_BYTES) {
                throw new Impossible("The answer is longer than " + MAX_BYTES / 1024 / 1024 + " MB; give this command on the broker's machine.");
            }
            bytes.write(buffer, offset, length);
        }
    }

    /** What was printed. */
    String text() {
        out.flush();
        return kept.bytes.toString(UTF_8);
    }

    @Override
    public String user() {
        return caller.user();
    }

    @Override
    public String frontEnd() {
        return caller.frontEnd();
    }

    @Override
    public boolean mayChange() {
        return caller.mayChange();
    }

    @Override
    public InputStream in() {
        throw new Impossible("This command reads what is piped into it; give it on the broker's machine.");
    }

    @Override
    public boolean isInputTerminal() {
        return false;
    }

    @Override
    public PrintStream out() {
        return out;
    }

    /** Progress and remarks are for terminals. */
    @Override
    public PrintStream err() {
        return new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    }

    @Override
    public boolean isTerminal() {
        return false;
    }

    @Override
    public boolean isErrorTerminal() {
        return false;
    }

    @Override
    public Path directory() {
        throw new Impossible("This command reads or writes files; give it on the broker's machine.");
    }

    @Override
    public Optional<String> variable(String name) {
        return Optional.empty();
    }

    @Override
    public Optional<String> password(String prompt) {
        throw new Impossible("This command asks for a password; give it on the broker's machine.");
    }
}
