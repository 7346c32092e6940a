package org.bolide.launcher.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.bolide.launcher.configuration.Attribute;
import org.bolide.launcher.configuration.Definition;
import org.bolide.launcher.configuration.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The options of {@code bolide}: its own, those of both generations of Comet, and those of the handlers that are there. */
final class Options {

    private static final int WIDTH = 92;
    /** What picocli gives for an option without its value; an empty text would be no value at all to it. */
    private static final String PLAIN = "plain";

    private final CommandSpec spec = CommandSpec.create().name("bolide");
    private final CommandLine command = new CommandLine(spec);
    private final Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    private final List<OptionSpec> everyHandler = new ArrayList<>();
    private final List<Definition> handlers;
    private List<OptionSpec> group;

    Options(List<Definition> handlers) {
        this.handlers = handlers;
        command.setExpandAtFiles(false); // @ begins an attribute in XPath
        command.setOverwrittenOptionsAllowed(true);
        spec.usageMessage().width(WIDTH).synopsisHeading("");

        group("Roles, any combination at once, each as often as you like");
        add(listener("-r", "--receive").description(
                "Take events from authors. ENDPOINT: a port (default 8098) or tcp:PORT:interface=ADDRESS."));
        add(listener("-b", "--broadcast").description(
                "Pass events on to subscribers. ENDPOINT likewise (default port 8099)."));
        add(several("HOST[:PORT]", "--remote", "--subscribe").description(
                "Subscribe to a remote broker (default port 8099). An IPv6 address with a port: [ADDRESS]:PORT."));

        group("Identity and event log");
        add(one("IVOID", "--local-ivo").description(
                "This broker's identifier, such as ivo://org.example/broker; required to receive and to broadcast."));
        add(one("DIR", "--eventdb").description("Where the event log is kept (default: eventlog in the base directory)."));

        group("For --receive, --broadcast and --remote");
        add(one("PORT", "--receive-port").description("The port of a plain --receive (default: 8098)."));
        add(networks("--author-allow").description(
                "Take events only from these networks: 192.0.2.0/24, 192.0.2.0/255.255.255.0, 2001:db8::/32 (default: all)."));
        add(one("PORT", "--broadcast-port").description("The port of a plain --broadcast (default: 8099)."));
        add(networks("--subscriber-allow").description("Admit subscribers only from these networks (default: all)."));
        add(one("SECONDS", "--broadcast-test-interval").description(
                "How often a test event is sent to subscribers; 0: never (default: 3600)."));
        add(several("XPATH", "--filter").description("Ask remote brokers only for events that match; several: any of them."));

        group("Handlers: what is done with each event");
        add(several("COMMAND", "--cmd").description("Run a command with the event on its standard input; as often as you like."));
        handlers.forEach(this::addHandler);
        add(several("NAME", "--action").description("The same as --NAME for a handler."));

        group("Metrics and health, by HTTP");
        add(listener("--metrics").description(
                "Show /metrics for Prometheus, /health/live and /health/ready. ENDPOINT as above (default: port 9464 of this machine only)."));
        add(one("PORT", "--metrics-port").description("The port of a plain --metrics (default: 9464)."));

        group("The page, in a browser");
        add(flag("--web").description("Show events, filters and the broker's state in a browser: http://127.0.0.1:8880/."));
        add(one("PORT", "--web-port").description("The port of --web (default: 8880)."));
        add(one("ADDRESS", "--web-address").description(
                "The address of this machine of --web; empty for all (default: this machine only)."));

        group("Commands by ssh");
        add(listener("--ssh").description("Take commands by ssh from users that \"bolide user add\" has made. ENDPOINT as above"
                + " (default: port 8101 of this machine only)."));
        add(one("PORT", "--ssh-port").description("The port of a plain --ssh (default: 8101)."));

        group("Running");
        add(one("DIR", "--base").description(
                "Where configuration (etc), event log, log and handlers (deploy) are, apart from the program (default: the installation)."));
        add(flag("-v", "--verbose").description("Log more: each event, and with -v -v every step."));
        add(flag("-q", "--quiet").description("Log less: warnings, and with -q -q only errors."));
        add(flag("--console").description("Take commands in this terminal while the broker runs; of the log, show warnings only."));
        add(one("FILE", "--logfile").description("The log file (default: log/bolide.log in the base directory)."));
        add(one("text|json", "--log-format").description("The form of the log, in the file and on standard error (default: text)."));
        add(one("FILE", "--pidfile").description("Write the process's id there while it runs."));
        add(flag("-h", "--help").description("Show this text."));
        add(flag("--version").description("Show the version."));

        group("");
        add(flag("-n", "--nodaemon"));
        add(one("PROCESS", "--for-command"));
        add(networks("--author-whitelist", "--whitelist", "--receive-whitelist"));
        add(networks("--subscriber-whitelist", "--broadcast-whitelist"));
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..1").type(String[].class).build());
    }

    private void group(String heading) {
        group = new ArrayList<>();
        groups.put(heading, group);
    }

    private void add(OptionSpec.Builder option) {
        add(option, group);
    }

    private void add(OptionSpec.Builder option, List<OptionSpec> shownIn) {
        OptionSpec built = option.build();
        shownIn.add(built);
        spec.addOption(built);
    }

    private static OptionSpec.Builder flag(String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length)).type(boolean[].class).arity("0");
    }

    private static OptionSpec.Builder one(String label, String name) {
        return OptionSpec.builder(name).paramLabel(label).type(String.class).arity("1");
    }

    private static OptionSpec.Builder several(String label, String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .paramLabel(label)
                .type(String[].class)
                .arity("1");
    }

    private static OptionSpec.Builder listener(String... names) {
        return several("ENDPOINT", names).arity("0..1").fallbackValue(PLAIN);
    }

    private static OptionSpec.Builder networks(String... names) {
        return several("NETWORK", names).arity("1..*").splitRegex("[,\\s]+").hideParamSyntax(true);
    }

    private void addHandler(Definition handler) {
        String name = "--" + handler.handler().orElseThrow();
        if (spec.findOption(name) != null) {
            return; // the option of an older jar's twin, or of the broker itself: its own name wins
        }
        add(flag(name).description(handler.description()));
        for (Attribute attribute : handler.attributes()) {
            String option = name + "-" + optionName(attribute.id());
            if (attribute.id().equals(Definition.HANDLER_NAME) || spec.findOption(option) != null) {
                continue;
            }
            boolean isEverybodys = isEverybodys(attribute);
            String byDefault = attribute.isPath() && attribute.id().toLowerCase(Locale.ROOT).endsWith("directory")
                    ? "the current directory"
                    : attribute.defaultText();
            boolean isFlag = attribute.type() == Attribute.Type.BOOLEAN;
            OptionSpec.Builder builder = several(label(attribute), option).description(
                    byDefault.isEmpty() ? attribute.description()
                            : attribute.description().replaceFirst("\\.$", "") + " (default: " + byDefault + ").");
            add(isFlag ? builder.arity("0..1").fallbackValue("true") : builder, isEverybodys ? everyHandler : group);
        }
    }

    private boolean isEverybodys(Attribute attribute) {
        return attribute.id().startsWith("handler.")
                && handlers.stream().allMatch(handler -> handler.attribute(attribute.id()).isPresent());
    }

    /** {@code handler.filter.language} is {@code filter-language}, {@code timeLimitSeconds} is {@code time-limit-seconds}. */
    static String optionName(String key) {
        return key.replaceFirst("^handler\\.", "").replace('.', '-').replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    private static String label(Attribute attribute) {
        if (!attribute.options().isEmpty()) {
            return String.join("|", attribute.options());
        }
        return switch (attribute.type()) {
            case BOOLEAN -> "true|false";
            case STRING, PASSWORD, CHARACTER -> attribute.isPath() ? "PATH" : "TEXT";
            default -> "N";
        };
    }

    /** Reads a command line. */
    Request read(List<String> arguments) throws Exit {
        ParseResult result;
        try {
            result = command.parseArgs(arguments.stream().flatMap(Options::separate).toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw unknown(e.getUnmatched().get(0));
        } catch (ParameterException e) {
            throw new Exit(Exit.USAGE, e.getMessage());
        }
        for (String positional : strings(result.matchedPositionalValue(0, new String[0]))) {
            if (!positional.equals("comet")) { // as in "twistd -n comet --receive"
                throw new Exit(Exit.USAGE, "\"" + positional + "\" is not an option; bolide --help lists them");
            }
        }
        Set<String> wanted = new LinkedHashSet<>();
        Map<String, Map<String, List<String>>> handlerValues = new LinkedHashMap<>();
        for (Definition handler : handlers) {
            readHandler(result, handler.handler().orElseThrow(), handler, wanted, handlerValues);
        }
        for (String action : all(result, "--action")) {
            wanted.add(known(action));
        }
        List<String> authors = new ArrayList<>(all(result, "--author-allow"));
        authors.addAll(all(result, "--author-whitelist"));
        List<String> subscribers = new ArrayList<>(all(result, "--subscriber-allow"));
        subscribers.addAll(all(result, "--subscriber-whitelist"));
        return new Request(
                count(result, "--help") > 0,
                count(result, "--version") > 0,
                count(result, "--console") > 0,
                last(result, "--base"),
                last(result, "--pidfile").filter(file -> !file.isEmpty()),
                last(result, "--logfile").filter(file -> !file.isEmpty() && !file.equals("-")),
                logFormat(result),
                last(result, "--for-command").map(Long::valueOf),
                count(result, "--verbose") - count(result, "--quiet"),
                last(result, "--local-ivo"),
                last(result, "--eventdb"),
                listeners(result, "--receive"),
                last(result, "--receive-port"),
                authors,
                listeners(result, "--broadcast"),
                last(result, "--broadcast-port"),
                last(result, "--broadcast-test-interval"),
                subscribers,
                listeners(result, "--metrics"),
                last(result, "--metrics-port"),
                count(result, "--web") > 0,
                last(result, "--web-port"),
                last(result, "--web-address"),
                listeners(result, "--ssh"),
                last(result, "--ssh-port"),
                all(result, "--remote"),
                all(result, "--filter"),
                all(result, "--cmd"),
                wanted,
                handlerValues);
    }

    private static Optional<String> logFormat(ParseResult result) throws Exit {
        Optional<String> format = last(result, "--log-format");
        if (format.filter(name -> !List.of("text", "json").contains(name)).isPresent()) {
            throw new Exit(Exit.USAGE, "--log-format: \"" + format.get() + "\" is neither text nor json");
        }
        return format;
    }

    /** {@code -rb} is {@code -r -b}, as getopt has it; picocli would take b for the endpoint of -r. */
    private static Stream<String> separate(String argument) {
        return argument.matches("-[rbvqn]{2,}")
                ? argument.chars().skip(1).mapToObj(letter -> "-" + (char) letter)
                : Stream.of(argument);
    }

    private static void readHandler(
            ParseResult result,
            String name,
            Definition handler,
            Set<String> wanted,
            Map<String, Map<String, List<String>>> handlerValues) {
        if (count(result, "--" + name) > 0) {
            wanted.add(name);
        }
        for (Attribute attribute : handler.attributes()) {
            List<String> values = all(result, "--" + name + "-" + optionName(attribute.id()));
            if (!values.isEmpty()) {
                handlerValues.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(attribute.id(), values);
            }
        }
    }

    private String known(String handler) throws Exit {
        List<String> names = handlers.stream().map(definition -> definition.handler().orElseThrow()).toList();
        if (names.contains(handler)) {
            return handler;
        }
        throw new Exit(Exit.USAGE, "no handler is called \"" + handler + "\"" + Nearest.to(handler, names)
                .map(guess -> "; did you mean --action=" + guess + "?")
                .orElse("; there are " + String.join(", ", names)));
    }

    private Exit unknown(String argument) {
        String name = argument.replaceFirst("=.*", "");
        List<String> names = spec.options().stream().flatMap(option -> Arrays.stream(option.names())).toList();
        return new Exit(Exit.USAGE, "unknown option " + name + Nearest.to(name, names)
                .map(guess -> "; did you mean " + guess + "?")
                .orElse("; bolide --help lists the options"));
    }

    private static int count(ParseResult result, String name) {
        boolean[] values = result.matchedOptionValue(name, new boolean[0]);
        return values.length;
    }

    private static Optional<String> last(ParseResult result, String name) {
        return Optional.ofNullable(result.matchedOptionValue(name, (String) null));
    }

    private static List<String> all(ParseResult result, String name) {
        return strings(result.matchedOptionValue(name, new String[0]));
    }

    private static List<String> listeners(ParseResult result, String name) {
        return all(result, name).stream().map(value -> value.equals(PLAIN) ? "" : value).toList();
    }

    private static List<String> strings(String[] values) {
        return Arrays.stream(values).toList();
    }

    /** What all handlers take is said once. */
    private String everyHandler() {
        List<String> suffixes = handlers.stream()
                .limit(1)
                .flatMap(handler -> handler.attributes().stream())
                .filter(attribute -> isEverybodys(attribute) && !attribute.id().equals(Definition.HANDLER_NAME))
                .map(attribute -> "-" + optionName(attribute.id()))
                .toList();
        return suffixes.isEmpty() ? "" : """

                  Every handler also takes %s, as in
                  --print-event-filter='//Who/Author[shortName="VO-GCN"]' and --print-event-start=earliest.
                """.formatted(String.join(", ", suffixes));
    }

    /** The text of {@code --help}. */
    String help() {
        Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
        StringBuilder text = new StringBuilder("""
                Usage: bolide [OPTION]...

                Runs a broker of VOEvents, in the foreground. What the options leave open is configured by
                files in etc; where both say something, the option wins for this run.
                """);
        groups.forEach((heading, options) -> {
            if (!heading.isEmpty()) {
                Help.Layout layout = help.createDefaultLayout();
                layout.addOptions(options, help.createDefaultParamLabelRenderer());
                text.append('\n').append(heading).append(":\n").append(layout);
                if (heading.startsWith("Handlers")) {
                    text.append(everyHandler());
                }
            }
        });
        return text.append("""

                The options of Comet work too: --author-whitelist, --whitelist, --receive-whitelist,
                --subscriber-whitelist, --broadcast-whitelist, endpoint strings, and twistd's -n.
                """).toString();
    }
}
