package org.bolide.shell.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.management.LogMaintenance;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What holds for all commands. */
class CommandsTest {

    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    @TempDir
    Path directory;

    private final TestServices services = new TestServices();
    private final Commands commands = new Commands(services);

    @Test
    void shouldHelpWithEachOptionAndWordOfEachCommandAndNoOther() throws Exception {
        for (Command command : commands.all()) {
            Grammar grammar = command.grammar();
            TestCaller caller = new TestCaller(directory);
            assertEquals(0, caller.type(services, grammar.name(), "--help"));
            String help = caller.said();
            TreeSet<String> declared = grammar.forms().stream().flatMap(form -> form.options().stream()).map(Form.Option::name)
                    .collect(Collectors.toCollection(TreeSet::new));
            TreeSet<String> told = OPTION.matcher(help).results().map(result -> result.group()).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(declared, told, grammar.name());
            grammar.forms().forEach(form -> assertTrue(help.contains(form.word()), grammar.name() + " " + form.word()));
            assertTrue(help.startsWith("Usage: bolide " + grammar.name()), help);
            assertTrue(commands.description(grammar.name()).length() <= 75, grammar.name());
        }
    }

    @Test
    void shouldHaveAHelpForEachCommandAndNoOther() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/OSGI-INF/bolide/commands"))) {
            assertEquals(commands.all().stream().map(command -> command.grammar().name() + ".txt").sorted().toList(),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void shouldAuditWhatChangesSomethingWithoutSecrets() throws Exception {
        services.with(new MemoryBroker()).with(new Failing());
        Files.write(directory.resolve("an event.xml"), SampleEvents.swift());
        try (CapturedLog log = new CapturedLog()) {
            TestCaller caller = new TestCaller(directory);
            caller.type(services, "import", "--quiet", "an event.xml");
            assertThrows(Refusal.class, () -> caller.type(services, "log", "migrate", "--to", "jdbc:postgresql://h/d?password=x", "--user=u"));
            assertThrows(Refusal.class, () -> caller.type(services, "log", "migrate", "--to=jdbc:postgresql://h/d?password=x"));
            caller.type(services, "export", "--output=x.tar");
            List<String> acts = log.text().lines().filter(line -> line.contains(Commands.AUDIT))
                    .map(line -> line.substring(line.indexOf("alice"))).toList();
            assertEquals(3, acts.size(), log.text());
            assertTrue(acts.get(0).startsWith("alice (a test): import --quiet 'an event.xml': 1 event: 1 accepted, "), acts.get(0));
            assertEquals("alice (a test): log migrate --to … --user=u: failed: nobody there", acts.get(1));
            assertEquals("alice (a test): log migrate --to=…: failed: nobody there", acts.get(2));
        }
    }

    @Test
    void shouldCompleteWordsOptionsAndValues() {
        Grammar grammar = Grammar.of("sing", Form.shows("list").option("--key", "KEY", Values.of("major", "minor")),
                Form.changes("start").operand("the song", Values.from(() -> List.of("aria", "blues"))).operands("a file", Values.FILES));
        assertEquals("list start", completed(grammar, "", List.of()));
        assertEquals("--json --key= --help", completed(grammar, "--", List.of()));
        assertEquals("--json --key= --help", completed(grammar, "--", List.of("list")));
        assertEquals("major minor", completed(grammar, "", List.of("list", "--key")));
        assertEquals("--key=major --key=minor", completed(grammar, "--key=mi", List.of("list")));
        assertEquals("aria blues", completed(grammar, "a", List.of("start")));
        assertEquals("", completed(grammar, "", List.of("stop")));
        assertEquals("", completed(grammar, "", List.of("list")));
        assertFalse(Completion.of(grammar, List.of("start"), "").wantsFiles());
        assertTrue(Completion.of(grammar, List.of("start", "aria"), "").wantsFiles());
        assertTrue(Completion.of(grammar, List.of("start", "aria", "x", "y"), "").wantsFiles());
    }

    private static String completed(Grammar grammar, String word, List<String> before) {
        return Completion.of(grammar, before, word).suggestions().stream().map(Completion.Suggestion::text).collect(Collectors.joining(" "));
    }

    @Test
    void shouldWriteJsonThatDoesNothingToATerminal() throws Exception {
        services.with(new Failing());
        TestCaller caller = new TestCaller(directory);
        assertEquals(0, caller.type(services, "log", "status", "--json"));
        JsonObject state = JsonParser.parseString(caller.said()).getAsJsonObject();
        assertEquals("/var/lib/\u001b[2J\u009bm\u202e\uDB40\uDC01", state.get("place").getAsString());
        assertEquals(20_000, state.get("newest").getAsLong());
        assertEquals("2026-04-20T12:00:00Z", state.get("newestAt").getAsString());
        assertTrue(state.get("oldest").isJsonNull());
        assertTrue(state.get("stoppedCleanly").getAsBoolean());
        Matcher escaped = Pattern.compile("\"place\": \"(.*)\"").matcher(caller.said());
        assertTrue(escaped.find());
        assertEquals("/var/lib/\\u001b[2J\\u009bm\\u202e\\udb40\\udc01", escaped.group(1));
    }

    @Test
    void shouldSayWhichBundleDoesNotRun() {
        assertEquals("Not now: the evaluation of filters (the bundle org.bolide.filtering) does not run. The log file says why.",
                assertThrows(Refusal.class, () -> new TestCaller(directory).type(services, "filters")).getMessage());
    }

    /** A log in a strange place that cannot be moved. */
    private record Failing() implements LogMaintenance {

        @Override
        public LogState state() {
            return new LogState("SQLite", "/var/lib/\u001b[2J\u009bm\u202e\uDB40\uDC01", 20_000, Optional.of(Instant.parse("2026-04-20T12:00:00Z")),
                    Optional.empty(), Optional.empty(), 0, 0, 0, 0, true);
        }

        @Override
        public LogFindings check(Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public long backup(Path file, Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public long compact(Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public LogCopy migrate(Database target, Progress progress) throws IOException {
            throw new IOException("nobody there");
        }
    }
}
