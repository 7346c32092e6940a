package org.bolide.shell.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.shell.command.Caller;
import org.bolide.shell.command.ExportCommand;
import org.bolide.shell.command.FilterCommands;
import org.bolide.shell.command.ImportCommand;
import org.bolide.shell.command.LogCommands;
import org.bolide.shell.command.Refusal;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The commands as they are typed after {@code bolide}. The text of each one's help is a file in {@code OSGI-INF/bolide/commands}, where
 * the launcher finds it without a running broker.
 */
final class CommandLines {

    private static final String HELP = "/OSGI-INF/bolide/commands/";

    private final Services services;
    private final Caller caller;

    CommandLines(Services services, Caller caller) {
        this.services = services;
        this.caller = caller;
    }

    /** Runs a command and returns its exit status. */
    int run(List<String> line) throws Refusal, InterruptedException {
        String name = line.isEmpty() ? "" : line.get(0);
        List<String> rest = line.subList(Math.min(1, line.size()), line.size());
        if (rest.contains("--help")) {
            caller.out().print(help(name));
            return 0;
        }
        return switch (name) {
            case "log" -> log(rest);
            case "import" -> importEvents(rest);
            case "export" -> exportEvents(rest);
            case "filters" -> {
                Arguments.of(name, rest, 0);
                filters().list(caller.out());
                yield 0;
            }
            case "filter-test" -> filterTest(rest);
            case "filter-explain" -> filterExplain(rest);
            default -> throw Refusal.usage("\"" + name + "\" is no command; bolide --help lists them");
        };
    }

    private int log(List<String> line) throws Refusal, InterruptedException {
        LogCommands log = new LogCommands(Services.need(services.maintenance(), "the event log"));
        String what = line.isEmpty() ? "status" : line.get(0);
        List<String> rest = line.subList(Math.min(1, line.size()), line.size());
        switch (what) {
            case "status" -> {
                Arguments.of("log", rest, 0);
                return log.status(caller);
            }
            case "check" -> {
                Arguments.of("log", rest, 0);
                return log.check(caller);
            }
            case "compact" -> {
                Arguments.of("log", rest, 0);
                return log.compact(caller);
            }
            case "backup" -> {
                return log.backup(Arguments.of("log", rest, 1).operand(0, "the file for the copy"), caller);
            }
            case "migrate" -> {
                Arguments given = Arguments.of("log", rest, 0, "--to=URL", "--user=USER");
                String to = given.option("--to").orElseThrow(() -> Refusal.usage(
                        "log migrate: where to is missing: --to=jdbc:postgresql://HOST/DATABASE"));
                return log.migrate(to, given.option("--user").orElse(""), caller);
            }
            default -> throw Refusal.usage("log: \"" + what + "\" is none of status, check, backup, compact, migrate");
        }
    }

    private int importEvents(List<String> line) throws Refusal, InterruptedException {
        Arguments given = Arguments.of("import", line, Integer.MAX_VALUE, "--quiet");
        given.operand(0, "a file, a directory, or - for standard input");
        EventIntake intake = Services.need(services.intake(), "the event log");
        return new ImportCommand(intake, given.option("--quiet").isPresent()).run(given.operands(), caller);
    }

    private int exportEvents(List<String> line) throws Refusal, InterruptedException {
        Arguments given = Arguments.of("export", line, 0, "--since=TIME", "--until=TIME", "--output=FILE");
        EventLog log = Services.need(services.log(), "the event log");
        return new ExportCommand(log).run(given.option("--since"), given.option("--until"), given.option("--output"), caller);
    }

    private int filterTest(List<String> line) throws Refusal {
        Arguments given = Arguments.of("filter-test", line, 1, "--days=N", "--language=LANGUAGE", "--matches=N");
        filters().test(given.option("--language").orElse("xpath"), given.operand(0, "the filter, in single quotes"),
                given.number("--days", 30), given.number("--matches", 10), caller.out());
        return 0;
    }

    private int filterExplain(List<String> line) throws Refusal {
        Arguments given = Arguments.of("filter-explain", line, 2, "--language=LANGUAGE");
        filters().explain(given.option("--language").orElse("xpath"), given.operand(0, "the event's IVOID or sequence"),
                given.operand(1, "the filter, in single quotes"), caller.out());
        return 0;
    }

    private FilterCommands filters() throws Refusal {
        return new FilterCommands(Services.need(services.filters(), "the evaluation of filters"),
                Services.need(services.log(), "the event log"), Clock.systemUTC());
    }

    /** The help of a command, without its first line, which is for the list of all. */
    static String help(String command) throws Refusal {
        try (InputStream in = CommandLines.class.getResourceAsStream(HELP + command + ".txt")) {
            if (in == null) {
                throw Refusal.usage("\"" + command + "\" is no command; bolide --help lists them");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", 2)[1];
        } catch (IOException e) {
            throw new Refusal("The help cannot be read: " + e.getMessage(), e);
        }
    }

    /** Options and operands of a command line. */
    private record Arguments(String command, ParseResult result, List<String> operands) {

        /** @param options {@code --flag} or {@code --option=VALUE} */
        static Arguments of(String command, List<String> line, int maxOperands, String... options) throws Refusal {
            CommandSpec spec = CommandSpec.create().name(command);
            for (String option : options) {
                String[] parts = option.split("=");
                OptionSpec.Builder builder = OptionSpec.builder(parts[0]);
                spec.addOption((parts.length > 1 ? builder.paramLabel(parts[1]).type(String.class).arity("1")
                        : builder.type(boolean.class).arity("0")).build());
            }
            spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..1").type(String[].class).build());
            try {
                CommandLine parser = new CommandLine(spec);
                parser.setExpandAtFiles(false); // @ begins an attribute in XPath
                parser.setOverwrittenOptionsAllowed(true);
                ParseResult result = parser.parseArgs(line.toArray(String[]::new));
                List<String> operands = new ArrayList<>(Arrays.asList(result.matchedPositionalValue(0, new String[0])));
                if (operands.size() > maxOperands) {
                    throw Refusal.usage(command + ": one word too many: " + operands.get(maxOperands) + hint(command));
                }
                return new Arguments(command, result, operands);
            } catch (UnmatchedArgumentException e) {
                throw Refusal.usage(command + ": unknown option " + e.getUnmatched().get(0) + hint(command));
            } catch (ParameterException e) {
                throw Refusal.usage(command + ": " + e.getMessage() + hint(command));
            }
        }

        private static String hint(String command) {
            return "; see bolide " + command + " --help";
        }

        Optional<String> option(String name) {
            return Optional.ofNullable(result.matchedOptionValue(name, (Object) null)).map(Object::toString);
        }

        int number(String name, int otherwise) throws Refusal {
            Optional<String> text = option(name);
            if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
                throw Refusal.usage(command + ": " + name + " is a whole number, not \"" + text.get() + "\"");
            }
            return text.map(Integer::parseInt).orElse(otherwise);
        }

        String operand(int index, String what) throws Refusal {
            if (operands.size() <= index) {
                throw Refusal.usage(command + ": " + what + " is missing" + hint(command));
            }
            return operands.get(index);
        }
    }
}
