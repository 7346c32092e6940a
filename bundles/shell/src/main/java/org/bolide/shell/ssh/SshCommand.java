package org.bolide.shell.ssh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Refusal;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one ssh client does: a command, or a prompt. It has a thread {@code ssh-N}, which is interrupted when the client goes or, at the
 * prompt, presses Ctrl-C.
 */
final class SshCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(SshCommand.class);
    private static final int INTERRUPTED = 130;
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Commands commands;
    private final Path base;
    private final String line;
    private final Set<SshCommand> running;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback callback;
    private Thread thread;

    /**
     * @param base where relative file names begin
     * @param line the command; empty for a prompt
     * @param running where it is noted as long as it runs
     */
    SshCommand(Commands commands, Path base, String line, Set<SshCommand> running) {
        this.commands = commands;
        this.base = base;
        this.line = line;
        this.running = running;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback whenEnded) {
        callback = whenEnded;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        Logins.Login login = channel.getSession().getAttribute(Logins.LOGIN);
        if (login == null) {
            throw new IOException("nobody has logged in");
        }
        thread = new Thread(() -> run(login, environment), "ssh-" + NUMBER.incrementAndGet());
        running.add(this);
        thread.start();
    }

    @Override
    public void destroy(ChannelSession channel) {
        interrupt();
    }

    void interrupt() {
        thread.interrupt();
    }

    private void run(Logins.Login login, Environment environment) {
        int status = Refusal.FAILED;
        try {
            status = environment.getEnv().containsKey(Environment.ENV_TERM) ? onTerminal(login, environment) : piped(login);
        } catch (IOException e) {
            LOG.debug("the ssh client of {} has gone", login.user(), e);
        } finally {
            running.remove(this);
            Thread.interrupted(); // an interrupted thread cannot write
            callback.onExit(status);
        }
    }

    private int onTerminal(Logins.Login login, Environment environment) throws IOException {
        try (Terminal terminal = new ExternalTerminal("ssh", environment.getEnv().get(Environment.ENV_TERM), in, out, StandardCharsets.UTF_8);
                PrintStream screen = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8)) {
            terminal.setSize(size(environment));
            environment.addSignalListener((channel, signal) -> {
                terminal.setSize(size(environment));
                terminal.raise(Terminal.Signal.WINCH);
            }, Signal.WINCH);
            LineReader reader = Prompt.reader(terminal, commands);
            SshCaller caller = new SshCaller(login, base, terminal.input(), screen, screen, Optional.of(reader));
            terminal.handle(Terminal.Signal.INT, signal -> interrupt());
            int status = line.isEmpty() ? prompt(reader, caller) : execute(line, caller);
            screen.flush();
            return status;
        }
    }

    private int prompt(LineReader reader, SshCaller caller) {
        caller.out().println("Bolide. \"help\" lists the commands, COMMAND --help tells of one, Ctrl-D leaves.");
        int status = 0;
        while (true) {
            try {
                status = execute(reader.readLine(Prompt.TEXT), caller);
                Thread.interrupted(); // Ctrl-C was for that command
            } catch (UserInterruptException e) {
                LOG.trace("a line was given up", e);
            } catch (EndOfFileException e) {
                return status;
            }
        }
    }

    /** Without a terminal, each line of the input is a command. */
    private int piped(Logins.Login login) throws IOException {
        PrintStream results = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream remarks = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = 0;
        if (!line.isEmpty()) {
            status = execute(line, new SshCaller(login, base, in, results, remarks, Optional.empty()));
        } else {
            SshCaller caller = new SshCaller(login, base, InputStream.nullInputStream(), results, remarks, Optional.empty());
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String next = lines.readLine(); next != null && status != INTERRUPTED; next = lines.readLine()) {
                status = execute(next, caller);
            }
        }
        results.flush();
        remarks.flush();
        return status;
    }

    private int execute(String text, SshCaller caller) {
        try {
            List<String> words = new DefaultParser().escapeChars(null).parse(text, text.length(), Parser.ParseContext.ACCEPT_LINE).words()
                    .stream().filter(word -> !word.isEmpty()).toList();
            if (words.isEmpty()) {
                return 0;
            } else if (words.equals(List.of("exit")) || words.equals(List.of("logout"))) {
                throw new EndOfFileException();
            } else if (words.equals(List.of("help")) || words.equals(List.of("--help"))) {
                Prompt.list(commands, caller.out());
                return 0;
            }
            return commands.run(Prompt.withoutScope(words), caller);
        } catch (EOFError e) {
            caller.err().println("bolide: a quote is not closed");
            return Refusal.USAGE;
        } catch (Refusal e) {
            caller.err().println("bolide: " + e.getMessage());
            return e.status();
        } catch (InterruptedException e) {
            caller.err().println("bolide: interrupted");
            return INTERRUPTED;
        } catch (EndOfFileException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the command \"{}\" failed", text, e);
            caller.err().println("bolide: the command failed: " + e + ". The log file has more.");
            return Refusal.FAILED;
        }
    }

    private static Size size(Environment environment) {
        Map<String, String> variables = environment.getEnv();
        return new Size(number(variables.get(Environment.ENV_COLUMNS), 100), number(variables.get(Environment.ENV_LINES), 40));
    }

    private static int number(String text, int otherwise) {
        return text != null && text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : otherwise;
    }
}
