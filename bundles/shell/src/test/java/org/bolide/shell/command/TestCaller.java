package org.bolide.shell.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A caller whose streams a test looks into. */
final class TestCaller implements Caller {

    final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    final Map<String, String> variables = new HashMap<>();
    Optional<String> password = Optional.empty();
    String asked = "";
    byte[] input = {};
    boolean terminal;
    boolean mayChange = true;
    private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8);
    private final Path directory;

    TestCaller(Path directory) {
        this.directory = directory;
    }

    String said() {
        return outBytes.toString(StandardCharsets.UTF_8);
    }

    String remarked() {
        return errBytes.toString(StandardCharsets.UTF_8);
    }

    /** Has a command run, and looks whether all that it printed fits on a screen, if it is for people. */
    int type(Services services, Clock clock, String... words) throws Refusal, InterruptedException {
        int status = new Commands(services, clock).run(List.of(words), this);
        boolean isForScripts = List.of(words).contains("--json") || List.of(words).contains("--xml") || words[0].equals("export");
        assertTrue(isForScripts || said().lines().allMatch(line -> line.codePointCount(0, line.length()) <= 100), said());
        return status;
    }

    int type(Services services, String... words) throws Refusal, InterruptedException {
        return type(services, Clock.systemUTC(), words);
    }

    @Override
    public String user() {
        return "alice";
    }

    @Override
    public String frontEnd() {
        return "a test";
    }

    @Override
    public boolean mayChange() {
        return mayChange;
    }

    @Override
    public InputStream in() {
        return new ByteArrayInputStream(input);
    }

    @Override
    public boolean isInputTerminal() {
        return terminal;
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream err() {
        return err;
    }

    @Override
    public boolean isTerminal() {
        return terminal;
    }

    @Override
    public boolean isErrorTerminal() {
        return terminal;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    @Override
    public Optional<String> password(String prompt) {
        asked = prompt;
        return password;
    }
}
