package org.bolide.launcher.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

import org.bolide.launcher.cli.Plan.Entry;
import org.bolide.launcher.configuration.Attribute;
import org.bolide.launcher.configuration.Definition;
import org.bolide.launcher.configuration.Definitions;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Lays the options over the files: which configuration an option means, and what it sets there. */
final class Planner {

    private final Request request;
    private final Definitions definitions;
    private final Path directory;
    private final Plan plan;

    /** @param directory the caller's, at which relative file names begin */
    Planner(Request request, Definitions definitions, Path directory, Plan plan) {
        this.request = request;
        this.definitions = definitions;
        this.directory = directory;
        this.plan = plan;
    }

    void apply() throws Exit {
        // Every broker has these, and their components wait for a configuration even if it says nothing.
        for (String pid : List.of(Vtp.BROKER, Vtp.EVENT_STORE)) {
            plan.obtain(pid, pid);
        }
        identity();
        listeners(Vtp.RECEIVER, "--receive", request.receive(), "--receive-port", request.receivePort(),
                Vtp.RECEIVE_PORT, "--author-allow", request.authorAllow(), Optional.empty());
        listeners(Vtp.BROADCASTER, "--broadcast", request.broadcast(), "--broadcast-port", request.broadcastPort(),
                Vtp.BROADCAST_PORT, "--subscriber-allow", request.subscriberAllow(), request.testInterval());
        listeners(Vtp.METRICS, "--metrics", request.metrics(), "--metrics-port", request.metricsPort(),
                Vtp.METRICS_PORT, "", List.of(), Optional.empty());
        page();
        listeners(Vtp.SSH, "--ssh", request.ssh(), "--ssh-port", request.sshPort(), Vtp.SSH_PORT, "", List.of(), Optional.empty());
        remotes();
        commands();
        for (Definition handler : definitions.handlers()) {
            handler(handler, handler.handler().orElseThrow());
        }
        if (request.eventDb().isPresent()) {
            String place = directory.resolve(request.eventDb().get()).normalize().toString();
            plan.set(plan.obtain(Vtp.EVENT_STORE, "--eventdb"), Vtp.DIRECTORY, place, "--eventdb=" + place);
        }
    }

    private void identity() throws Exit {
        if (request.localIvo().isPresent()) {
            String ivoid = request.localIvo().get();
            plan.set(plan.obtain(Vtp.BROKER, "--local-ivo"), Vtp.LOCAL_IVOID, ivoid, "--local-ivo=" + ivoid);
        }
    }

    /** There is one page at most. */
    private void page() throws Exit {
        if (request.web()) {
            plan.obtain(Vtp.PAGE, "--web");
        }
        if (request.webPort().isPresent()) {
            int port = usage("--web-port", () -> Endpoint.port(request.webPort().get(), 0));
            overAll(plan.all(Vtp.PAGE), "--web", "--web-port", Vtp.PORT, port);
        }
        overAll(plan.all(Vtp.PAGE), "--web", "--web-address", Vtp.ADDRESS, request.webAddress().orElse(null));
    }

    private void listeners(
            String pid,
            String option,
            List<String> endpoints,
            String portOption,
            Optional<String> port,
            int defaultPort,
            String allowOption,
            List<String> allow,
            Optional<String> testInterval)
            throws Exit {
        int plainPort = port.isPresent() ? usage(portOption, () -> Endpoint.port(port.get(), 0)) : defaultPort;
        List<Entry> meant = new ArrayList<>();
        for (String text : endpoints) {
            Endpoint endpoint = text.isEmpty()
                    ? new Endpoint(Optional.empty(), plainPort)
                    : usage(option, () -> Endpoint.listener(text));
            String shown = text.isEmpty() ? option + (port.isPresent() ? " " + portOption + "=" + plainPort : "")
                    : option + "=" + text;
            meant.add(listener(pid, endpoint, shown));
        }
        if (endpoints.isEmpty()) {
            meant.addAll(plan.fromFiles(pid));
            if (port.isPresent() && meant.size() == 1) {
                plan.set(meant.get(0), Vtp.PORT, plainPort, portOption + "=" + plainPort);
            } else if (port.isPresent()) {
                plan.note(portOption + " has no effect without " + option);
            }
        }
        overAll(meant, option, allowOption, Vtp.ALLOW, allow.isEmpty() ? null : allow);
        overAll(meant, option, "--broadcast-test-interval", Vtp.TEST_INTERVAL, testInterval.orElse(null));
    }

    /** Sets one key of all the configurations meant, if the option was given at all. */
    private void overAll(List<Entry> meant, String role, String option, String key, Object value) throws Exit {
        if (value == null) {
            return;
        }
        if (meant.isEmpty()) {
            plan.note(option + " has no effect without " + role);
        }
        for (Entry entry : meant) {
            plan.set(entry, key, value, option + "=" + Attribute.text(value));
        }
    }

    private Entry listener(String pid, Endpoint endpoint, String option) throws Exit {
        String port = Integer.toString(endpoint.port());
        Optional<Entry> sameInFile = plan.fromFiles(pid).stream()
                .filter(entry -> endpoint.port() != 0 && plan.value(entry, Vtp.PORT).filter(port::equals).isPresent())
                .findFirst();
        Entry entry = sameInFile.isPresent()
                ? plan.obtain(sameInFile.get().id(), option)
                : make(pid, endpoint.host().map(host -> host + "-").orElse("") + port, option);
        if (!entry.fromFile()) {
            plan.set(entry, Vtp.PORT, endpoint.port(), option);
        }
        if (endpoint.host().isPresent()) {
            plan.set(entry, Vtp.ADDRESS, endpoint.host().get(), option);
        }
        return entry;
    }

    private void remotes() throws Exit {
        List<Entry> meant = new ArrayList<>();
        for (String text : request.remotes()) {
            Endpoint remote = usage("--remote", () -> Endpoint.remote(text, Vtp.BROADCAST_PORT));
            String option = "--remote=" + text;
            String host = remote.host().orElseThrow();
            String port = Integer.toString(remote.port());
            Optional<Entry> sameInFile = plan.fromFiles(Vtp.SUBSCRIPTION).stream()
                    .filter(entry -> plan.value(entry, Vtp.HOST).filter(host::equalsIgnoreCase).isPresent()
                            && plan.value(entry, Vtp.PORT).filter(port::equals).isPresent())
                    .findFirst();
            if (sameInFile.isPresent()) {
                meant.add(plan.obtain(sameInFile.get().id(), option));
                continue;
            }
            Entry entry = make(Vtp.SUBSCRIPTION, host + "-" + port, option);
            plan.set(entry, Vtp.HOST, host, option);
            plan.set(entry, Vtp.PORT, remote.port(), option);
            meant.add(entry);
        }
        if (request.remotes().isEmpty()) {
            meant.addAll(plan.fromFiles(Vtp.SUBSCRIPTION));
        }
        overAll(meant, "--remote", "--filter", Vtp.FILTERS, request.filters().isEmpty() ? null : request.filters());
    }

    /** A new configuration with a name that no file has. */
    private Entry make(String pid, String name, String option) {
        String safe = name.replaceAll("[^\\p{Alnum}._-]", "_");
        String id = pid + "~" + safe;
        while (plan.find(id).filter(Entry::fromFile).isPresent()) {
            id += "-option";
        }
        return plan.obtain(id, option);
    }

    private void commands() throws Exit {
        for (String command : request.commands()) {
            String option = "--cmd=" + command;
            Definition exec = definitions.find(Vtp.EXEC).orElseThrow(
                    () -> new Exit(Exit.USAGE, option + ": the handler exec is not installed"));
            String name = laneOf(command);
            while (plan.find(Vtp.EXEC + "~" + name).isPresent()) {
                name += "-again";
            }
            Entry entry = plan.obtain(Vtp.EXEC + "~" + name, option);
            plan.set(entry, Definition.HANDLER_NAME, name, option);
            plan.set(entry, Vtp.COMMAND, command, option);
            options(entry, exec, "exec");
            directories(entry, exec, option);
        }
    }

    /** The lane's name keeps a command's place in the log, so it must be the same whenever the command is. */
    static String laneOf(String command) {
        CRC32 sum = new CRC32();
        sum.update(command.getBytes(UTF_8));
        String program = Path.of(command.strip().split("\\s+")[0]).getFileName() == null
                ? ""
                : Path.of(command.strip().split("\\s+")[0]).getFileName().toString();
        return "exec-%s-%08x".formatted(program.replaceAll("[^\\p{Alnum}._-]", ""), sum.getValue());
    }

    private void handler(Definition handler, String name) throws Exit {
        boolean wanted = request.handlers().contains(name);
        Map<String, List<String>> values = request.handlerValues().getOrDefault(name, Map.of());
        boolean usedByCommands = handler.pid().equals(Vtp.EXEC) && !request.commands().isEmpty();
        List<Entry> inFiles = plan.fromFiles(handler.pid());
        Optional<Entry> inFile = inFiles.size() == 1
                ? inFiles.stream().findFirst()
                : inFiles.stream()
                        .filter(entry -> plan.value(entry, Definition.HANDLER_NAME).filter(name::equals).isPresent())
                        .findFirst();
        if (!wanted && inFile.isEmpty()) {
            if (!values.isEmpty() && !usedByCommands) {
                plan.note("--" + name + "-" + Options.optionName(values.keySet().iterator().next())
                        + " has no effect without --" + name);
            }
            return;
        }
        if (!wanted && values.isEmpty()) {
            return;
        }
        String option = "--" + name;
        Entry entry = inFile.isPresent()
                ? plan.obtain(inFile.get().id(), option)
                : handler.factory() ? make(handler.pid(), name, option) : plan.obtain(handler.pid(), option);
        options(entry, handler, name);
        if (!entry.fromFile()) {
            directories(entry, handler, option);
        }
    }

    private void options(Entry entry, Definition handler, String name) throws Exit {
        for (Map.Entry<String, List<String>> given : request.handlerValues().getOrDefault(name, Map.of()).entrySet()) {
            Attribute attribute = handler.attribute(given.getKey()).orElseThrow();
            List<String> texts = given.getValue();
            Object value = attribute.list()
                    ? texts.stream().map(text -> Plan.absolute(attribute, text, directory)).toList()
                    : Plan.absolute(attribute, texts.get(texts.size() - 1), directory);
            String option = "--" + name + "-" + Options.optionName(attribute.id()) + "=" + Attribute.text(value);
            plan.set(entry, attribute.id(), value, option);
        }
    }

    /** Where an option makes a handler, its directories are the caller's unless it says otherwise. */
    private void directories(Entry entry, Definition handler, String option) throws Exit {
        for (Attribute attribute : handler.attributes()) {
            boolean isDirectory = attribute.isPath() && attribute.id().toLowerCase(Locale.ROOT).endsWith("directory");
            if (isDirectory && !attribute.list() && !entry.values().containsKey(attribute.id())) {
                plan.set(entry, attribute.id(), directory.toString(), option);
            }
        }
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T usage(String option, Reading<T> reading) throws Exit {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new Exit(Exit.USAGE, option + ": " + e.getMessage());
        }
    }
}
