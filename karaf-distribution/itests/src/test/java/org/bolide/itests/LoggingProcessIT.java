package org.bolide.itests;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import org.bolide.benchmarks.faults.Thrower;
import org.bolide.testkit.ComponentJar;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The product's log, as operators and their programs read it. */
class LoggingProcessIT {

    private static final String SETTINGS = "org.ops4j.pax.logging.cfg";
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final int FILES = 10;

    @TempDir
    Path directory;

    private Broker broker;

    @BeforeEach
    void prepare() throws IOException {
        broker = new Broker(directory);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static byte[] event(String name) {
        return SampleEvents.event("ivo://test.author/log#" + name).bytes();
    }

    @Test
    void shouldWriteAJsonObjectInEachLine() throws Exception {
        Path nasty = Files.write(directory.resolve("nasty"),
                "a \"quote\", a \\ and \\u0041, \t tab, \u001b[31m, \u0007, \u007f, \u2028, Größe 日本 \uD83D\uDE00, {\"json\": ${env:HOME} %n}\n"
                        .getBytes(StandardCharsets.UTF_8));
        broker.startBoth("--log-format=json", "-v", "--cmd=cat " + nasty);
        RelayProcessIT.submit(broker.receivePort, event("a&quot;b"));
        RelayProcessIT.submit(broker.receivePort, event("c"));
        broker.awaitLog("a ..quote");
        ComponentJar.write(Files.createDirectories(broker.base.resolve("deploy")).resolve("thrower.jar"), Thrower.class, "test.thrower", "1.0.0");
        Files.writeString(broker.base.resolve("etc/test.thrower~one.cfg.json"), "{ \"handler.name\": \"thrower\", \"handler.start\": \"earliest\" }");
        broker.awaitLog("\"exception\":");
        broker.terminate();

        List<JsonObject> entries = new ArrayList<>();
        for (String line : Files.readAllLines(broker.base.resolve("log/bolide.log"))) {
            entries.add(parse(line));
        }
        entries.forEach(entry -> assertEquals(Set.of("time", "level", "logger", "thread", "message"),
                entry.keySet().stream().filter(key -> !key.equals("exception")).collect(Collectors.toSet()), entry.toString()));
        entries.forEach(entry -> Instant.parse(entry.get("time").getAsString()));
        String said = Files.readString(nasty).strip();
        assertTrue(entries.stream().map(entry -> entry.get("message").getAsString()).anyMatch(message -> message.contains(said)), entries.toString());
        assertTrue(entries.stream().filter(entry -> entry.has("exception"))
                .anyMatch(entry -> entry.get("exception").getAsString().contains("\n\tat ")), entries.toString());
        assertEquals(entries.size(), broker.log("").stream().map(LoggingProcessIT::parse).count());
    }

    private static JsonObject parse(String line) {
        JsonReader reader = new JsonReader(new StringReader(line));
        reader.setStrictness(Strictness.STRICT);
        JsonElement element = JsonParser.parseReader(reader);
        return element.getAsJsonObject();
    }

    @Test
    void shouldSayNothingOfASingleEvent() throws Exception {
        broker.startBoth("--save-event", "--save-event-directory=" + directory.resolve("saved"));
        broker.awaitLog("Bolide runs");
        int before = broker.log("").size();
        List<byte[]> events = new ArrayList<>(SampleEvents.all());
        SharedData.events().forEach(event -> events.add(event.content()));
        int accepted = 0;
        for (byte[] event : events) {
            if (RelayProcessIT.submit(broker.receivePort, event).contains("role=\"ack\"")) {
                accepted++;
            }
        }
        System.out.printf("%d events, %d of them real ones, %d accepted%n", events.size(), SharedData.events().size(), accepted);
        broker.terminate();

        List<String> lines = broker.log("").subList(before, broker.log("").size());
        assertTrue(lines.stream().filter(line -> line.contains("ivo://")).count() <= events.size() - accepted, String.join("\n", lines));
    }

    @Test
    void shouldChangeLevelAndSizeWhileItRuns() throws Exception {
        broker.startBoth();
        broker.awaitLog("Bolide runs");
        RelayProcessIT.submit(broker.receivePort, event("quiet"));
        assertEquals(List.of(), broker.log("DEBUG"));

        String settings = Files.readString(Product.HOME.resolve("etc").resolve(SETTINGS));
        Path own = broker.base.resolve("etc").resolve(SETTINGS);
        Files.writeString(own, settings.replace("${env:BOLIDE_LOG_LEVEL:-INFO}", "DEBUG").replace("16MB", "2KB"));
        Path log = broker.base.resolve("log");
        await("the level").atMost(SECONDS).until(() -> {
            RelayProcessIT.submit(broker.receivePort, event("loud"));
            return !broker.log("DEBUG").isEmpty();
        });
        await("as many files as there may be").atMost(SECONDS).until(() -> {
            RelayProcessIT.submit(broker.receivePort, event("much"));
            return files(log) == FILES;
        });
        int rolled = broker.log("").size();
        await("some more").atMost(SECONDS).until(() -> {
            RelayProcessIT.submit(broker.receivePort, event("more"));
            return broker.log("").size() > rolled + 300;
        });
        assertEquals(FILES, files(log));

        Files.writeString(own, settings.replace("${env:BOLIDE_LOG_LEVEL:-INFO}", "WARN"));
        await("quiet again").atMost(SECONDS).until(() -> {
            int before = broker.log("").size();
            RelayProcessIT.submit(broker.receivePort, event("again"));
            return broker.log("").size() == before;
        });
    }

    private static long files(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.getFileName().toString().startsWith("bolide.log")).count();
        }
    }
}
