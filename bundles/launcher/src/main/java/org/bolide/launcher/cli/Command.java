package org.bolide.launcher.cli;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.bolide.launcher.configuration.Nearest;
import org.bolide.launcher.control.CommandHelp;
import org.bolide.launcher.control.Connection;
import org.bolide.launcher.control.Connection.Caller;
import org.bolide.launcher.control.Errand;

/**
 * {@code bolide [--base=DIR] [--eventdb=DIR] COMMAND …}: has a command carried out by the broker that runs on the base. Where
 * none does, one is started for the length of the command, without ports and handlers.
 */
public final class Command {

    /** What a program ends with that a pipe's other end has left, without a word. */
    private static final int BROKEN_PIPE = 141;

    /** What says where the broker is; before the command or after it. */
    private static final Set<String> WHERE = Set.of("--base", "--eventdb");
    private static final long PATIENCE_SECONDS = 15;
    private static final long PAUSE_MILLIS = 100;

    private final Path home;
    private final Caller caller;

    Command(Path home, Caller caller) {
        this.home = home;
        this.caller = caller;
    }

    /** Properties: {@code bolide.home}, the installation; {@code bolide.terminals}, see the frame T. */
    public static void main(String[] arguments) {
        // Both unbuffered and as bytes: an export goes through them.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
        Caller caller = new Caller(Path.of("").toAbsolutePath(), System.getenv(), System.getProperty("bolide.terminals", ""),
                System.in, out, err);
        System.exit(new Command(Path.of(System.getProperty("bolide.home")), caller).run(List.of(arguments)));
    }

    int run(List<String> arguments) {
        try {
            return carryOut(arguments);
        } catch (Exit e) {
            caller.err().println("bolide: " + e.getMessage());
            return e.status();
        } catch (Connection.BrokenOutput e) {
            return BROKEN_PIPE;
        } catch (EOFException e) {
            caller.err().println("bolide: the broker has stopped meanwhile");
            return Exit.FAILURE;
        } catch (IOException e) {
            caller.err().println("bolide: " + e.getMessage());
            return Exit.FAILURE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.FAILURE;
        }
    }

    private int carryOut(List<String> arguments) throws Exit, IOException, InterruptedException {
        List<String> options = new ArrayList<>();
        List<String> command = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            String argument = rest.next();
            boolean isWhere = WHERE.contains(argument.replaceFirst("=.*", ""));
            (isWhere ? options : command).add(argument);
            if (isWhere && !argument.contains("=") && rest.hasNext()) {
                options.add(rest.next());
            }
        }
        CommandHelp help = new CommandHelp(home);
        String name = command.isEmpty() ? "help" : command.get(0);
        if (name.equals("help")) {
            caller.out().print(help.list().stripLeading());
            return 0;
        }
        if (!help.knows(name)) {
            throw new Exit(Exit.USAGE, "\"%s\" is no command%s".formatted(name,
                    Nearest.to(name, help.names()).map(guess -> "; did you mean " + guess + "?").orElse("; bolide --help lists them")));
        }
        if (command.contains("--help")) {
            caller.out().print(help.of(name).orElseThrow());
            return 0;
        }
        Path base = Bolide.base(options, home, caller.directory(), caller.environment());
        Optional<Connection> running = running(base);
        if (running.isPresent()) {
            try (Connection connection = running.get()) {
                return connection.run(command, caller);
            }
        }
        return alone(base, options, command);
    }

    /** The broker of the base, if one runs there; one that is just starting is waited for. */
    private static Optional<Connection> running(Path base) throws Exit, IOException, InterruptedException {
        long begunAt = System.nanoTime();
        while (true) {
            Optional<Connection> running = Connection.open(base);
            if (running.isPresent() || !Files.isDirectory(base)) {
                return running;
            }
            try {
                Preflight.alone(base);
                return Optional.empty();
            } catch (Exit e) {
                if (System.nanoTime() - begunAt > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    throw new Exit(Exit.FAILURE, e.getMessage().replaceFirst(" already;.*", "")
                            + " and takes no commands from here: only its own user can give them, and its log file says if it cannot take any");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private int alone(Path base, List<String> options, List<String> command) throws Exit, IOException, InterruptedException {
        List<String> whole = new ArrayList<>(options);
        if (!options.contains("--base") && options.stream().noneMatch(option -> option.startsWith("--base="))) {
            whole.add("--base=" + base);
        }
        caller.err().println("bolide: no broker runs in " + base + "; one is started for this command");
        try (Errand errand = new Errand(home, whole)) {
            Optional<Connection> started = errand.connect(base);
            if (started.isEmpty()) {
                caller.err().println(errand.said());
                return Exit.FAILURE;
            }
            try (Connection connection = started.get()) {
                return connection.run(command, caller);
            }
        }
    }
}
