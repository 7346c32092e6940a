package org.bolide.launcher.sendvo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.bolide.launcher.cli.Endpoint;
import org.bolide.launcher.configuration.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of {@code sendvo}: the options of Comet's {@code comet-sendvo} up to 3.1, and the operands
 * {@code TARGET EVENT} of the later one where they can mean nothing else.
 *
 * @param operands what to send; {@code -} is standard input
 */
record SendvoOptions(
        boolean help, String host, int port, List<String> operands, boolean newId, int timeoutSeconds) {

    private static final int DEFAULT_PORT = 8098;
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;

    static SendvoOptions read(List<String> arguments) {
        CommandSpec spec = spec();
        ParseResult result;
        try {
            CommandLine command = new CommandLine(spec);
            command.setExpandAtFiles(false);
            command.setOverwrittenOptionsAllowed(true);
            result = command.parseArgs(arguments.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw new IllegalArgumentException(unknown(spec, e.getUnmatched().get(0)), e);
        } catch (ParameterException e) {
            boolean lonelyH = arguments.equals(List.of("-h"));
            throw new IllegalArgumentException(lonelyH ? "-h takes a host; for help, sendvo --help" : e.getMessage(), e);
        }
        boolean help = result.matchedOptionValue("--help", false);
        List<String> operands = new ArrayList<>(Arrays.asList(result.matchedOptionValue("--file", new String[0])));
        String[] positional = result.matchedPositionalValue(0, new String[0]);
        String target = null;
        boolean isPlain = operands.isEmpty() && !result.hasMatchedOption("--host") && !result.hasMatchedOption("--port");
        if (isPlain && positional.length == 2 && isTarget(positional[0], positional[1])) {
            target = positional[0];
            operands.add(positional[1]);
        } else {
            operands.addAll(Arrays.asList(positional));
        }
        if (operands.isEmpty()) {
            operands.add("-");
        }
        if (!help) {
            operands.stream().filter(operand -> !operand.equals("-")).forEach(Sendvo::path);
        }
        Endpoint broker = target == null
                ? new Endpoint(Optional.of(unbracketed(result.matchedOptionValue("--host", "localhost"))),
                        number(result, "--port", DEFAULT_PORT, 65535))
                : Endpoint.remote(target, DEFAULT_PORT);
        return new SendvoOptions(help, broker.host().orElseThrow(), broker.port(), operands,
                result.matchedOptionValue("--new-id", false),
                number(result, "--timeout", DEFAULT_TIMEOUT_SECONDS, 86_400));
    }

    /** {@code sendvo broker.example.org event.xml}: the first is no file, the second is. */
    private static boolean isTarget(String first, String second) {
        return !first.equals("-") && !Files.exists(Path.of(first))
                && (second.equals("-") || Files.isRegularFile(Path.of(second)));
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int number(ParseResult result, String option, int otherwise, int most) {
        String text = result.matchedOptionValue(option, (String) null);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(option + " must be a whole number from 1 to " + most + ", not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private static String unknown(CommandSpec spec, String argument) {
        String name = argument.replaceFirst("=.*", "");
        List<String> names = spec.options().stream().flatMap(option -> Arrays.stream(option.names())).toList();
        return "unknown option " + name + Nearest.to(name, names)
                .map(guess -> "; did you mean " + guess + "?")
                .orElse("; sendvo --help lists the options");
    }

    private static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("sendvo");
        spec.usageMessage().width(92);
        spec.addOption(OptionSpec.builder("-h", "--host").paramLabel("HOST").type(String.class)
                .description("The broker (default: localhost).").build());
        spec.addOption(OptionSpec.builder("-p", "--port").paramLabel("PORT").type(String.class)
                .description("Its port for authors (default: " + DEFAULT_PORT + ").").build());
        spec.addOption(OptionSpec.builder("-f", "--file").paramLabel("FILE").type(String[].class).arity("1")
                .description("Another way to name what to send.").build());
        spec.addOption(OptionSpec.builder("--new-id").type(boolean.class)
                .description("Make the identifier of each copy unique, for tests; all else is sent as it is.").build());
        spec.addOption(OptionSpec.builder("--timeout").paramLabel("SECONDS").type(String.class)
                .description("How long to wait for the broker (default: " + DEFAULT_TIMEOUT_SECONDS + ").").build());
        spec.addOption(OptionSpec.builder("--help").type(boolean.class).description("Show this text.").build());
        spec.addOption(OptionSpec.builder("-v", "--verbose").type(boolean[].class).arity("0").hidden(true).build());
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..1").type(String[].class).build());
        return spec;
    }

    static String helpText() {
        Help help = new Help(spec(), Help.defaultColorScheme(Help.Ansi.OFF));
        return """
                Usage: sendvo [OPTION]... [FILE|DIRECTORY|ARCHIVE]...
                       sendvo HOST[:PORT] FILE

                Publishes events to a broker. What is sent: files, all files in directories and in tar
                archives (.tar, .tar.gz, .tgz, .tar.bz2), or standard input. Each answer is printed:
                "ack IVOID", or "nak IVOID: reason". Many events go over one connection, if the broker
                takes more than one there.

                """
                + help.optionList()
                + """

                Exit status: 0 all acknowledged, 1 some refused, 2 some without an answer (the broker may
                have them all the same; sending them again does no harm), 64 wrong command line.
                """;
    }
}
