package org.bolide.shell.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All commands, and how a line that was typed becomes a call of one: the same for both front ends. A line of a form that changes
 * something leaves a line in the log, by the logger {@value #AUDIT}: who, what, outcome.
 */
public final class Commands {

    /** The logger of administrative acts. */
    public static final String AUDIT = "org.bolide.audit";

    private static final Logger ACTS = LoggerFactory.getLogger(AUDIT);
    private static final String HELP = "/OSGI-INF/bolide/commands/";

    private final Map<String, Command> commands = new TreeMap<>();
    private final Map<String, String> helps = new TreeMap<>();

    public Commands(Services services) {
        this(services, Clock.systemUTC());
    }

    Commands(Services services, Clock clock) {
        for (Command command : List.of(
                new StatusCommand(services, clock),
                new EventsCommand(services),
                new ClientsCommand(services, clock),
                new RemotesCommand(services, clock),
                new StreamsCommand(services, clock),
                new RulesCommand(services),
                new LogCommand(services),
                new ImportCommand(services),
                new ExportCommand(services),
                new FiltersCommand(services),
                new FilterTestCommand(services, clock),
                new FilterExplainCommand(services),
                new UserCommand(services),
                new HandlersCommand(services, clock),
                new DeadLettersCommand(services),
                new SendCommand(services),
                new TestEventCommand(services, clock))) {
            commands.put(command.grammar().name(), command);
            helps.put(command.grammar().name(), help(command));
        }
    }

    /** The commands by name. */
    public Collection<Command> all() {
        return commands.values();
    }

    /** Runs what was typed and returns the exit status. */
    public int run(List<String> line, Caller caller) throws Refusal, InterruptedException {
        String name = line.isEmpty() ? "" : line.get(0);
        Command command = commands.get(name);
        if (command == null) {
            throw Refusal.usage("\"" + Screen.line(name) + "\" is no command; bolide --help lists them");
        }
        List<String> rest = line.subList(1, line.size());
        if (rest.contains("--help")) {
            caller.out().print(helps.get(name).split("\n", 2)[1]);
            return 0;
        }
        return run(command, rest, caller);
    }

    /** Runs one command with the words that follow its name. */
    static int run(Command command, List<String> rest, Caller caller) throws Refusal, InterruptedException {
        Call call = call(command.grammar(), rest, caller);
        List<String> line = new ArrayList<>(List.of(command.grammar().name()));
        line.addAll(rest);
        if (call.form().effect() != Form.Effect.SHOWS && !caller.mayChange()) {
            throw new Refusal("%s, you may look, and no more: this needs the role admin.".formatted(Screen.line(caller.user())));
        }
        return call.form().effect() == Form.Effect.CHANGES ? audited(command, call, line) : command.run(call);
    }

    private static int audited(Command command, Call call, List<String> line) throws Refusal, InterruptedException {
        String outcome = "failed";
        try {
            int status = command.run(call);
            outcome = (status == 0 ? "" : "with status " + status + ": ") + (call.outcome().isEmpty() ? "done" : call.outcome());
            return status;
        } catch (Refusal e) {
            outcome = "failed: " + e.getMessage();
            throw e;
        } catch (InterruptedException e) {
            outcome = "interrupted";
            throw e;
        } finally {
            ACTS.info("{} ({}): {}: {}", Screen.line(call.caller().user()), call.caller().frontEnd(), shown(call.form(), line), Screen.line(outcome));
        }
    }

    /** The line as it was typed, without secrets. */
    private static String shown(Form form, List<String> line) {
        List<String> words = new ArrayList<>();
        boolean isSecret = false;
        for (String word : line) {
            String name = word.split("=", 2)[0];
            boolean names = form.option(name).filter(Form.Option::isSecret).isPresent();
            words.add(isSecret ? "…" : names && word.contains("=") ? name + "=…" : word.matches("[^\\s'\"]+") ? word : "'" + word + "'");
            isSecret = names && !word.contains("=");
        }
        return Screen.line(words.stream().collect(Collectors.joining(" ")));
    }

    private static Call call(Grammar grammar, List<String> line, Caller caller) throws Refusal {
        if (!grammar.hasWords()) {
            return parse(grammar, grammar.forms().get(0), line, caller);
        }
        if (line.isEmpty() || line.get(0).startsWith("-")) {
            return parse(grammar, grammar.forms().get(0), line, caller);
        }
        Form form = grammar.form(line.get(0)).orElseThrow(() -> Refusal.usage(
                grammar.name() + ": \"" + Screen.line(line.get(0)) + "\" is none of " + grammar.words()));
        return parse(grammar, form, line.subList(1, line.size()), caller);
    }

    private static Call parse(Grammar grammar, Form form, List<String> line, Caller caller) throws Refusal {
        CommandSpec spec = CommandSpec.create().name(grammar.name());
        for (Form.Option option : form.options()) {
            OptionSpec.Builder builder = OptionSpec.builder(option.name());
            spec.addOption((option.label().isEmpty() ? builder.type(boolean.class).arity("0")
                    : builder.paramLabel(option.label()).type(String.class).arity("1")).build());
        }
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..1").type(String[].class).build());
        CommandLine parser = new CommandLine(spec);
        parser.setExpandAtFiles(false); // @ begins an attribute in XPath
        parser.setOverwrittenOptionsAllowed(true);
        try {
            ParseResult result = parser.parseArgs(line.toArray(String[]::new));
            List<String> operands = List.copyOf(Arrays.asList(result.matchedPositionalValue(0, new String[0])));
            if (operands.size() < form.operands().size() && form.operands().get(operands.size()).isRequired()) {
                throw wrong(grammar, form.operands().get(operands.size()).what() + " is missing");
            }
            if (form.operand(Math.max(0, operands.size() - 1)).isEmpty() && !operands.isEmpty()) {
                throw wrong(grammar, "one word too many: " + Screen.line(operands.get(form.operands().size())));
            }
            return new Call(grammar, form, result, operands, caller);
        } catch (UnmatchedArgumentException e) {
            throw wrong(grammar, "unknown option " + Screen.line(e.getUnmatched().get(0)));
        } catch (ParameterException e) {
            throw wrong(grammar, Screen.line(e.getMessage()));
        }
    }

    private static Refusal wrong(Grammar grammar, String why) {
        return Refusal.usage(grammar.name() + ": " + why + "; see bolide " + grammar.name() + " --help");
    }

    /** What a command does, for the list of all: the first line of its help. */
    public String description(String command) {
        return helps.get(command).split("\n", 2)[0];
    }

    private static String help(Command command) {
        String file = HELP + command.grammar().name() + ".txt";
        try (InputStream in = Commands.class.getResourceAsStream(file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundle's own file cannot be read: " + file, e);
        }
    }
}
