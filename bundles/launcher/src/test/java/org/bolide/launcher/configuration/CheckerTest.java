package org.bolide.launcher.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.launcher.Fixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class CheckerTest {

    private static final String RECEIVER = "org.bolide.transport.receiver";

    private final Checker checker = new Checker(Fixture.definitions());

    private List<String> problems(String pid, Map<String, Object> values) {
        return checker.check("etc/x", pid, values).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void shouldGiveValuesTheirTypes() {
        Map<String, Object> fromJson = checker.check("x", RECEIVER, Map.of("port", 9000L, "allow", List.of("a", "b"))).values();
        assertEquals(9000, fromJson.get("port"));
        assertArrayEquals(new String[] {"a", "b"}, (Object[]) fromJson.get("allow"));
        Map<String, Object> fromText = checker.check("x", "org.bolide.eventstore", Map.of("keepDays", " 7 ", "compress", "True")).values();
        assertEquals(Map.of("keepDays", 7, "compress", true), fromText);
        assertArrayEquals(
                new String[] {"a, b"}, (Object[]) checker.check("x", RECEIVER, Map.of("allow", "a, b")).values().get("allow"));
    }

    @ParameterizedTest
    @CsvSource({
        "port, x, '\"port\" must be a whole number from 0 to 65535, not \"x\"'",
        "port, 65536, '\"port\" must be a whole number from 0 to 65535, not \"65536\"'",
        "port, 1.5, '\"port\" must be a whole number from 0 to 65535, not \"1.5\"'",
        "prot, 1, 'unknown key \"prot\". Did you mean \"port\"?'",
        "colour, red, 'unknown key \"colour\". Known keys: port, address, allow'",
    })
    void shouldNameKeyValueAndWhatIsAllowed(String key, String value, String problem) {
        assertEquals(List.of("etc/x: " + problem), problems(RECEIVER, Map.of(key, value)));
    }

    @Test
    void shouldRefuseWrongKindsOfValue() {
        assertEquals(List.of("etc/x: \"port\" must be a whole number from 0 to 65535, not a list"),
                problems(RECEIVER, Map.of("port", List.of(1L))));
        assertEquals(List.of("etc/x: \"compress\" must be true or false, not \"maybe\""),
                problems("org.bolide.eventstore", Map.of("compress", "maybe")));
        assertEquals(List.of("etc/x: \"output\" must be auto, stdout or log, not \"paper\""),
                problems("org.bolide.handler.printevent", Map.of("output", "paper")));
        assertEquals(List.of("etc/x: \"timeLimitSeconds\" must be a whole number, at least 1, not \"0\""),
                problems("org.bolide.handler.exec", Map.of("command", "x", "timeLimitSeconds", 0L)));
        assertEquals(List.of("etc/x: the key \"host\" is missing; it must be text. The remote broker."),
                problems("org.bolide.transport.subscription", Map.of()));
    }

    @Test
    void shouldTakeFromEveryHandlerWhatTheBrokerReadsOfEveryHandler() {
        String print = "org.bolide.handler.printevent";
        assertEquals(Map.of("handler.start", "earliest", "handler.filter.language", "xquery", "handler.concurrency", 4, "handler.batch", 9),
                checker.check("x", print, Map.of("handler.start", "earliest", "handler.filter.language", "xquery",
                        "handler.concurrency", 4L, "handler.batch", "9")).values());
        assertEquals(List.of("etc/x: \"handler.start\" must be latest or earliest, not \"first\""),
                problems(print, Map.of("handler.start", "first")));
        assertEquals(List.of("etc/x: \"handler.batch\" must be a whole number, at least 1, not \"0\""),
                problems(print, Map.of("handler.batch", 0L)));
        assertEquals(List.of("etc/x: unknown key \"handler.begin\". Did you mean \"handler.batch\"?"),
                problems(print, Map.of("handler.begin", 1L)));
        assertEquals(1, problems(RECEIVER, Map.of("handler.start", "latest")).size());
    }

    @Test
    void shouldPassWhatItCannotJudge() {
        assertEquals(List.of(), problems(RECEIVER, Map.of("port", "$[env:PORT;default=8098]", "service.ranking", 3L, ".own", 1L)));
        assertEquals(List.of(), problems("com.example.unknown", Map.of("anything", 1L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "org.bolide.eventstore.cfg", "org.bolide.transport.receiver~public.cfg.json", "com.example.x-y.cfg", "com.example.x~y.cfg.json",
        "org.bolide.transport.receiver~a-b.c.cfg.json"})
    void shouldPassProperNames(String file) {
        assertEquals(Optional.empty(), checker.checkName(file, ConfigurationFile.name(Path.of(file)).orElseThrow()));
    }

    @ParameterizedTest
    @CsvSource({
        "org.bolide.transport.receiver-public.cfg, org.bolide.transport.receiver~public.cfg.json (JSON)",
        "org.bolide.transport.receiver~public.cfg, org.bolide.transport.receiver~public.cfg.json (JSON)",
        "org.bolide.transport.receiver~public.json, org.bolide.transport.receiver~public.cfg.json (JSON)",
        "org.bolide.transport.receiver-public.cfg.json, org.bolide.transport.receiver~public.cfg.json (JSON)",
        "org.bolide.transport.receiver.cfg, org.bolide.transport.receiver~NAME.cfg.json (JSON)",
        "org.bolide.transport.receiver.cfg.json, org.bolide.transport.receiver~NAME.cfg.json (JSON)",
        "org.bolide.eventstore.cfg.json, org.bolide.eventstore.cfg (key = value)",
        "org.bolide.eventstore.config, org.bolide.eventstore.cfg (key = value)",
        "org.bolide.eventstore-second.cfg, org.bolide.eventstore.cfg (key = value)",
    })
    void shouldSayWhatAFileIsToBeCalled(String file, String wanted) {
        Problem problem = checker.checkName("etc/" + file, ConfigurationFile.name(Path.of(file)).orElseThrow()).orElseThrow();
        assertEquals("etc/" + file + ": is not read under this name: call it " + wanted, problem.toString());
    }

    @Test
    void shouldRefuseAPidOfOursThatNoBundleKnows() {
        Path file = Path.of("org.bolide.evenstore.cfg");
        assertEquals("f: no installed bundle knows the PID org.bolide.evenstore. Did you mean org.bolide.eventstore?",
                checker.checkName("f", ConfigurationFile.name(file).orElseThrow()).orElseThrow().toString());
    }
}
