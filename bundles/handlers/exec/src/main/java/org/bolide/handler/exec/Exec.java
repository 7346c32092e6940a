package org.bolide.handler.exec;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a program for each event, with the event on its standard input: Comet's {@code --cmd}. The lane waits for the
 * program, at most for the time limit; when the lane is interrupted the program is stopped.
 */
@Component(name = "org.bolide.handler.exec", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Exec.Config.class, factory = true)
public final class Exec implements BrokerEventHandler {

    @ObjectClassDefinition(name = "exec", description = "Runs a program for each event, with the event on its standard input.")
    @interface Config {

        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "exec";

        @AttributeDefinition(name = "Filter", required = false,
                description = "The program runs only for events that match this filter; for all if empty.")
        String handler_filter() default "";

        @AttributeDefinition(name = "Filter language", description = "The language of the filter.")
        String handler_filter_language() default "xpath";

        @AttributeDefinition(name = "Start", options = {@Option("latest"), @Option("earliest")},
                description = "Where a handler with a new name begins: with the next event, or with the oldest in the log.")
        String handler_start() default "latest";

        @AttributeDefinition(name = "Concurrency", min = "1",
                description = "How many programs may run at the same time; above 1 the order of events is given up.")
        int handler_concurrency() default 1;

        @AttributeDefinition(name = "Command",
                description = "The program and its arguments, split into words as a shell does, but run without a shell.")
        String command();

        @AttributeDefinition(name = "Working directory", description = "Where the program runs.")
        String workingDirectory() default ".";

        @AttributeDefinition(name = "Time limit", min = "1",
                description = "A program that runs longer than this many seconds is stopped, with all that it has started.")
        long timeLimitSeconds() default 300;

        @AttributeDefinition(name = "On failure", options = {@Option("discard"), @Option("retry")},
                description = "After a failed run: go on with the next event, or hold the event and try again later.")
        String onFailure() default "discard";
    }

    private static final Logger LOG = LoggerFactory.getLogger(Exec.class);

    /** A longer value is left out of the environment: the system would refuse to start the program. */
    private static final int LONGEST_VALUE = 4096;
    private static final int LOGGED_LINES = 1000;
    private static final int LOGGED_CHARS = 1000;
    private static final long GRACE_SECONDS = 2;

    private final String name;
    private final List<String> words;
    private final Path directory;
    private final long timeLimitSeconds;
    private final Outcome onFailure;

    @Activate
    public Exec(BundleContext context, Config config) {
        this(config.handler_name(), config.command(),
                Path.of(context.getProperty("karaf.base")).resolve(config.workingDirectory()).normalize(),
                config.timeLimitSeconds(), config.onFailure());
    }

    Exec(String name, String command, Path directory, long timeLimitSeconds, String onFailure) {
        this.name = name;
        this.words = ShellWords.split(command == null ? "" : command);
        this.directory = directory;
        this.timeLimitSeconds = timeLimitSeconds;
        this.onFailure = switch (onFailure) {
            case "discard" -> Outcome.DISCARD;
            case "retry" -> Outcome.RETRY;
            default -> throw new IllegalArgumentException(
                    "onFailure = " + onFailure + " in org.bolide.handler.exec: use discard or retry");
        };
        LOG.info("{} runs {} in {}, for at most {} s", name, words, directory, timeLimitSeconds);
        obstacle().ifPresent(obstacle -> LOG.warn("{}: {}; no event is handled until this is mended", name, obstacle));
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException, InterruptedException {
        Process process = start(event);
        try {
            help("input", () -> feed(process, event.content()));
            Thread output = help("output", () -> log(process.getInputStream()));
            if (!process.waitFor(timeLimitSeconds, TimeUnit.SECONDS)) {
                return failed(event, "ran longer than " + timeLimitSeconds + " s (timeLimitSeconds) and was stopped");
            }
            // What the program left running in the background may hold its output open for ever.
            output.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
            return process.exitValue() == 0 ? Outcome.DONE
                    : failed(event, "ended with exit status " + process.exitValue());
        } finally {
            if (process.isAlive()) {
                stop(process);
            }
        }
    }

    private Process start(BrokerEvent event) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
        variable(builder, "BOLIDE_IVOID", event.header().identifier());
        variable(builder, "BOLIDE_ROLE", event.header().role());
        variable(builder, "BOLIDE_SEQUENCE", Optional.of(Long.toString(event.sequence())));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(name + ": " + obstacle().orElse(e.getMessage()), e);
        }
    }

    private static void variable(ProcessBuilder builder, String key, Optional<String> value) {
        builder.environment().remove(key);
        value.filter(text -> text.length() <= LONGEST_VALUE)
                .ifPresent(text -> builder.environment().put(key, text));
    }

    /** Why the program cannot be run, if that can be seen beforehand. */
    private Optional<String> obstacle() {
        if (!Files.isDirectory(directory)) {
            return Optional.of("the working directory " + directory + " does not exist");
        }
        String program = words.get(0);
        if (program.contains(File.separator)) {
            return Files.isExecutable(directory.resolve(program)) ? Optional.empty()
                    : Optional.of(directory.resolve(program) + " does not exist or is not executable");
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator)).map(each -> Path.of(each).resolve(program))
                .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file)) ? Optional.empty()
                : Optional.of("the command " + program + " is not in the PATH (" + path + "); give its full path");
    }

    /** A pipe cannot be read or written with a time limit; a thread can be left behind. */
    private static Thread help(String task, Runnable work) {
        Thread thread = new Thread(work, Thread.currentThread().getName() + "-" + task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void feed(Process process, ByteBuffer content) {
        try (WritableByteChannel input = Channels.newChannel(process.getOutputStream())) {
            while (content.hasRemaining()) {
                input.write(content);
            }
        } catch (IOException e) {
            LOG.debug("{} did not read the whole event, which is its right: {}", name, e.getMessage());
        }
    }

    private void log(InputStream output) {
        try (Reader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            int lines = 0;
            for (int c = reader.read(); c != -1; c = reader.read()) {
                if (c != '\n' && line.length() < LOGGED_CHARS) {
                    line.append((char) c);
                } else if (c == '\n') {
                    log(line, ++lines);
                }
            }
            log(line, lines + 1);
        } catch (IOException e) {
            LOG.debug("{} was stopped while it wrote: {}", name, e.getMessage());
        }
    }

    private void log(StringBuilder line, int number) {
        if (number == LOGGED_LINES + 1) {
            LOG.debug("{} says more than {} lines; the rest is not logged", name, LOGGED_LINES);
        } else if (number <= LOGGED_LINES && !line.isEmpty()) {
            LOG.debug("{} says: {}", name, line);
        }
        line.setLength(0);
    }

    private Outcome failed(BrokerEvent event, String how) {
        LOG.warn("{} {} for id={} position={} source={}; what it said is in the log at level DEBUG", name, how,
                event.header().identifier().orElse("-"), event.sequence(), event.source());
        return onFailure;
    }

    /** Stops the program and all that it has started: asks first, kills after a short while. */
    private static void stop(Process process) {
        List<ProcessHandle> tree = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        tree.forEach(ProcessHandle::destroy);
        try {
            CompletableFuture.allOf(tree.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} does not end when asked to and is killed: {}", process, e.toString());
        }
        tree.forEach(ProcessHandle::destroyForcibly);
    }
}
