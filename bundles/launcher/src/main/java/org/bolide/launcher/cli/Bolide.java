package org.bolide.launcher.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Manifest;

import org.bolide.launcher.configuration.Attribute;
import org.bolide.launcher.configuration.Checker;
import org.bolide.launcher.configuration.Definition;
import org.bolide.launcher.configuration.Definitions;
import org.bolide.launcher.configuration.Problem;
import org.bolide.launcher.configuration.RunFile;
import org.bolide.launcher.control.CommandHelp;

/**
 * Checks a start of the broker and prepares it. Prints, for the script {@code bin/bolide}, either a text for people or
 * the word {@code run} and one value a line: Java's version, the base directory, the run file, the log level, the log
 * file, Karaf's mode, the form of the log; level, file and form may be empty.
 */
public final class Bolide {

    private static final String BEGINNING = """
            nothing to do: no option asks for a role, and %s configures none.

            Take events from authors, keep them, and pass them on to subscribers:
              bolide --receive --broadcast --local-ivo=ivo://org.example/broker
            Subscribe to a broker and print what comes:
              bolide --remote=voevent.example.org --print-event
            Subscribe to some of its events, save each, and run a program on it:
              bolide --remote=voevent.example.org --filter='//How[contains(Description, "Swift")]' \\
                     --save-event --save-event-directory=events --cmd=./follow-up

            bolide --help lists all options.""";

    private final Path home;
    private final Path directory;
    private final Map<String, String> environment;
    private final PrintStream out;

    Bolide(Path home, Path directory, Map<String, String> environment, PrintStream out) {
        this.home = home;
        this.directory = directory;
        this.environment = environment;
        this.out = out;
    }

    /** Properties: {@code bolide.home}, the installation; {@code bolide.process}, the id that the broker will have. */
    public static void main(String[] arguments) {
        Path here = Path.of("").toAbsolutePath();
        Bolide bolide = new Bolide(Path.of(System.getProperty("bolide.home")), here, System.getenv(), System.out);
        System.exit(bolide.run(List.of(arguments), System.getProperty("bolide.process"), System.err));
    }

    int run(List<String> arguments, String process, PrintStream err) {
        try {
            prepare(arguments, process);
            return 0;
        } catch (Exit e) {
            err.println("bolide: " + e.getMessage());
            return e.status();
        } catch (IOException e) {
            err.println("bolide: " + e.getMessage());
            return Exit.FAILURE;
        }
    }

    private void prepare(List<String> arguments, String process) throws Exit, IOException {
        Definitions definitions = new Definitions();
        definitions.addJars(home.resolve("system"));
        // The base must be known before the options of the handlers in its deploy folder are.
        Path base = base(arguments);
        definitions.addJars(base.resolve("deploy"));
        Options options = new Options(definitions.handlers());
        Request request = options.read(arguments);
        if (request.help() || request.version()) {
            out.print(request.help() ? options.help() + new CommandHelp(home).list() : "Bolide " + version() + System.lineSeparator());
            return;
        }
        if (request.console()) {
            Preflight.console(Runtime.version().feature());
        }
        Preflight.directory(base, "--base");
        Files.createDirectories(base);
        Preflight.alone(base);
        Etc etc = new Etc(home, base.toRealPath());
        etc.fill();
        Checker checker = new Checker(definitions);
        Plan plan = new Plan(definitions);
        List<Problem> problems = etc.read(checker, variable -> variable(variable, base), plan);
        if (!problems.isEmpty()) {
            throw new Exit(Exit.CONFIGURATION, "the configuration is wrong, and nothing was started:\n  "
                    + String.join("\n  ", problems.stream().map(Problem::toString).toList()));
        }
        new Planner(request, definitions, directory, plan).apply();
        plan.check(checker);
        Optional<RunFile.Errand> errand = request.forCommand().map(id -> new RunFile.Errand(withheld(definitions), id));
        if (errand.isPresent()) {
            plan.withhold(errand.get().withheld());
        } else {
            roles(plan, base);
        }
        Optional<Path> pidFile = request.pidFile().map(this::whole);
        Optional<Path> logFile = request.logFile().map(this::whole);
        preflight(definitions, plan, base, pidFile, logFile);
        Path runFile = RunFiles.write(base, process,
                new RunFile(plan.settings(), plan.notes(), plan.expected(), pidFile, errand));
        handOver(base, runFile, request, logFile);
    }

    /** What opens ports, or does something with events: a command is no time for that. */
    private static List<String> withheld(Definitions definitions) {
        List<String> pids = new ArrayList<>(List.of(Vtp.RECEIVER, Vtp.BROADCASTER, Vtp.SUBSCRIPTION, Vtp.METRICS, Vtp.SSH, Vtp.PAGE));
        definitions.handlers().forEach(handler -> pids.add(handler.pid()));
        return pids;
    }

    private void handOver(Path base, Path runFile, Request request, Optional<Path> logFile) throws Exit {
        List<String> lines = new ArrayList<>(List.of("run", Integer.toString(Runtime.version().feature()),
                base.toString(), runFile.toString(), level(request.verbosity()), logFile.map(Path::toString).orElse(""),
                request.console() ? "console" : "daemon", request.logFormat().orElse("")));
        for (String line : lines) {
            if (line.indexOf('\n') >= 0) {
                throw new Exit(Exit.USAGE, "a line break in a file's name: " + line);
            }
            out.println(line);
        }
    }

    private Path base(List<String> arguments) throws Exit {
        return base(arguments, home, directory, environment);
    }

    /** The base directory, which options and environment give in this order; else the installation. */
    static Path base(List<String> arguments, Path home, Path directory, Map<String, String> environment) throws Exit {
        String given = null;
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith("--base=")) {
                given = arguments.get(i).substring("--base=".length());
            } else if (arguments.get(i).equals("--base") && i + 1 < arguments.size()) {
                given = arguments.get(i + 1);
            }
        }
        for (String variable : List.of("BOLIDE_BASE", "KARAF_BASE")) {
            String value = environment.getOrDefault(variable, "");
            given = given == null && !value.isEmpty() ? value : given;
        }
        if (given != null && given.isEmpty()) {
            throw new Exit(Exit.USAGE, "--base: a directory's name is missing");
        }
        return given == null ? home : directory.resolve(given).normalize();
    }

    private Path whole(String file) {
        return directory.resolve(file).normalize();
    }

    private static String level(int verbosity) {
        if (verbosity == 0) {
            return "";
        }
        List<String> levels = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
        return levels.get(Math.max(0, Math.min(levels.size() - 1, levels.indexOf("INFO") + verbosity)));
    }

    /** The variables that a {@code .cfg} file may use; the same as inside Karaf. */
    private String variable(String name, Path base) {
        return switch (name) {
            case "karaf.home" -> home.toString();
            case "karaf.base" -> base.toString();
            case "karaf.etc" -> home.resolve("etc").toString();
            default -> name.startsWith("env:") ? environment.get(name.substring("env:".length())) : System.getProperty(name);
        };
    }

    private static void roles(Plan plan, Path base) throws Exit {
        boolean listens = !plan.all(Vtp.RECEIVER).isEmpty() || !plan.all(Vtp.BROADCASTER).isEmpty();
        // The page alone shows the log, and can subscribe to remote brokers.
        if (!listens && plan.all(Vtp.SUBSCRIPTION).isEmpty() && plan.all(Vtp.PAGE).isEmpty()) {
            throw new Exit(Exit.USAGE, BEGINNING.formatted(base.resolve("etc")));
        }
        Optional<Plan.Entry> broker = plan.find(Vtp.BROKER);
        Optional<String> ivoid = broker.flatMap(entry -> plan.value(entry, Vtp.LOCAL_IVOID))
                .filter(text -> !text.isBlank());
        if (ivoid.isPresent()) {
            Optional<String> broken = Ivoid.broken(ivoid.get());
            if (broken.isPresent()) {
                boolean byOption = broker.get().options().containsKey(Vtp.LOCAL_IVOID);
                throw new Exit(byOption ? Exit.USAGE : Exit.CONFIGURATION, "%s: \"%s\" is no IVOID: %s".formatted(
                        byOption ? "--local-ivo" : broker.get().whoSet(Vtp.LOCAL_IVOID), ivoid.get(), broken.get()));
            }
        } else if (listens) {
            throw new Exit(Exit.USAGE, "a broker that receives or broadcasts needs an identifier: give it by"
                    + " --local-ivo=ivo://AUTHORITY/NAME, such as ivo://org.example/broker, or as "
                    + Vtp.LOCAL_IVOID + " in etc/" + Vtp.BROKER + ".cfg");
        }
    }

    private static void preflight(
            Definitions definitions, Plan plan, Path base, Optional<Path> pidFile, Optional<Path> logFile) throws Exit {
        for (Plan.Entry entry : plan.all()) {
            Optional<Definition> definition = definitions.find(entry.pid());
            for (Attribute attribute : definition.map(Definition::attributes).orElse(List.of())) {
                boolean isDirectory = attribute.isPath() && !attribute.list() && attribute.id().endsWith("irectory");
                Optional<String> place = isDirectory ? plan.value(entry, attribute.id()) : Optional.empty();
                if (place.isPresent()) {
                    Preflight.directory(base.resolve(place.get()), entry.whoSet(attribute.id()));
                }
            }
        }
        if (logFile.isPresent()) {
            Preflight.file(logFile.get(), "--logfile");
        }
        if (pidFile.isPresent()) {
            Preflight.pidFile(pidFile.get());
        }
        Preflight.ports(plan);
    }

    private static String version() throws IOException {
        try (InputStream in = Bolide.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            String version = in == null ? null : new Manifest(in).getMainAttributes().getValue("Bundle-Version");
            return version == null ? "(development)" : version;
        }
    }
}
