package org.bolide.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A shell in which a reader of a page types one command after the other. Where the system allows it, it has a network
 * of its own, so that a broker that already runs on this machine is not in the way of the page's.
 */
final class ConsoleSession implements AutoCloseable {

    /** What a command printed, and its exit status. */
    record Result(int exit, String output) {}

    private static final int COMMAND_SECONDS = 120;
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final List<String> OWN_NETWORK =
            List.of("unshare", "--user", "--map-current-user", "--keep-caps", "--net", "sh", "-c", "ip link set lo up && exec sh");
    private static final boolean CAN_HAVE_OWN_NETWORK = canHaveOwnNetwork();

    private final String mark = "end-" + UUID.randomUUID();
    private final Process shell;
    private final Writer in;
    private final BufferedReader out;
    private final Map<String, Long> background = new LinkedHashMap<>();

    /** @param environment what is added to this process's; {@code BOLIDE_…} and {@code KARAF_…} are taken away */
    ConsoleSession(Path directory, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(CAN_HAVE_OWN_NETWORK ? OWN_NETWORK : List.of("sh"))
                .directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_") || name.startsWith("BOLIDE_"));
        builder.environment().putAll(environment);
        shell = builder.start();
        in = shell.outputWriter(StandardCharsets.UTF_8);
        out = shell.inputReader(StandardCharsets.UTF_8);
    }

    static boolean hasOwnNetwork() {
        return CAN_HAVE_OWN_NETWORK;
    }

    Result run(String command) throws IOException, InterruptedException {
        in.write(command + "\necho \" " + mark + " $?\"\n");
        in.flush();
        return result(command);
    }

    /** @param command ends in {@code  &} */
    void start(String command) throws IOException, InterruptedException {
        in.write(command + "\n");
        Result pid = run("echo $!");
        background.put(command, Long.valueOf(pid.output().strip()));
    }

    /** Terminates what runs in the background, the last one first, and tells how each ended. */
    Map<String, Result> terminate() throws IOException, InterruptedException {
        Map<String, Result> results = new LinkedHashMap<>();
        List<String> commands = new ArrayList<>(background.keySet());
        for (int i = commands.size() - 1; i >= 0; i--) {
            long pid = background.remove(commands.get(i));
            ProcessHandle.of(pid).ifPresent(process -> innermost(process).destroy());
            results.put(commands.get(i), run("wait " + pid));
        }
        return results;
    }

    @Override
    public void close() {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }

    /** A shell that waits for its last command passes no signal on. */
    private static ProcessHandle innermost(ProcessHandle process) {
        boolean waits = process.info().command().filter(c -> c.matches(".*/(ba|da)?sh")).isPresent();
        return waits ? process.children().findFirst().map(ConsoleSession::innermost).orElse(process) : process;
    }

    private Result result(String command) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        try {
            int exit = CompletableFuture.supplyAsync(() -> {
                try {
                    String coloured;
                    while ((coloured = out.readLine()) != null) {
                        String line = COLOUR.matcher(coloured).replaceAll("");
                        int end = line.indexOf(" " + mark);
                        if (end >= 0) {
                            text.append(line, 0, end).append(end > 0 ? "\n" : "");
                            return Integer.valueOf(line.substring(line.lastIndexOf(' ') + 1));
                        }
                        text.append(line).append('\n');
                    }
                    throw new AssertionError("the shell ended in: " + command + "\n" + text);
                } catch (IOException e) {
                    throw new AssertionError(command, e);
                }
            }).get(COMMAND_SECONDS, TimeUnit.SECONDS);
            return new Result(exit, text.toString());
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("no end within " + COMMAND_SECONDS + " s: " + command + "\n" + text, e);
        }
    }

    private static boolean canHaveOwnNetwork() {
        List<String> command = new ArrayList<>(OWN_NETWORK);
        command.set(command.size() - 1, "ip link set lo up");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
