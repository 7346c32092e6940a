package org.bolide.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The commands that show something, given as an operator gives them, of a broker with all sorts of peers. */
class CommandsProcessIT {

    private static final Pattern HINT = Pattern.compile("→ bolide ([a-z -]+)$", Pattern.MULTILINE);
    private static final int COLUMNS = 100;

    @TempDir
    Path directory;

    private static Product.Result typed(Broker broker, Path directory, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of("--base=" + broker.base));
        line.addAll(Arrays.asList(words));
        return Product.run(directory, "bolide", line.toArray(String[]::new));
    }

    /** What is shown, of which nothing is wider than a screen. */
    private String shown(Broker broker, String... words) throws Exception {
        Product.Result result = typed(broker, directory, words);
        assertTrue(result.exit() <= 2 && result.err().isEmpty(), result.toString());
        assertTrue(result.out().lines().allMatch(line -> line.codePointCount(0, line.length()) <= COLUMNS), result.out());
        return result.out();
    }

    private JsonElement json(Broker broker, String... words) throws Exception {
        List<String> line = new ArrayList<>(Arrays.asList(words));
        line.add("--json");
        Product.Result result = typed(broker, directory, line.toArray(String[]::new));
        assertTrue(result.exit() <= 2 && result.err().isEmpty(), result.toString());
        return JsonParser.parseString(result.out());
    }

    /** What the line of a screen that has this text names as the next command shows. */
    private String followed(Broker broker, String screen, String text) throws Exception {
        int from = screen.indexOf(text);
        assertTrue(from >= 0, text + " is not in\n" + screen);
        Matcher hint = HINT.matcher(screen);
        assertTrue(hint.find(from), screen);
        return shown(broker, hint.group(1).split(" "));
    }

    private JsonObject handler(Broker broker, String name) throws Exception {
        return json(broker, "status").getAsJsonObject().get("handlers").getAsJsonArray().asList().stream().map(JsonElement::getAsJsonObject)
                .filter(handler -> handler.get("name").getAsString().equals(name)).findFirst().orElseThrow();
    }

    private static String submit(Broker broker, byte[] event) throws IOException {
        return RelayProcessIT.submit(broker.receivePort, event);
    }

    @Test
    void shouldLeadFromTheStatusToWhatIsWrongInOneStep() throws Exception {
        Path saved = directory.resolve("saved");
        try (Broker upstream = new Broker(directory.resolve("upstream")).startBoth();
                Broker broker = new Broker(directory.resolve("broker")).startBoth("--remote=localhost:" + upstream.broadcastPort,
                        "--save-event", "--save-event-directory=" + saved, "--exec", "--exec-command=false", "--exec-on-failure=retry",
                        "--exec-filter=//Param[@name=\"TrigID\" and @value=700101]");
                VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            broker.awaitLog("subscription.*connected to");
            subscriber.filters("//Param[@name=\"TrigID\"]");
            assertTrue(submit(broker, SampleEvents.swift()).contains("role=\"ack\""));
            assertTrue(submit(broker, SampleEvents.event("not an IVOID").bytes()).contains("role=\"nak\""));
            assertTrue(submit(upstream, SampleEvents.fermi()).contains("role=\"ack\""));
            try (VtpPeer stranger = VtpPeer.subscribe(broker.broadcastPort)) {
                stranger.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertTrue(stranger.closes());
            }
            await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> assertEquals(2, json(broker, "events").getAsJsonArray().size()));
            await().atMost(60, TimeUnit.SECONDS).until(() -> handler(broker, "exec").get("state").getAsString().equals("retrying"));
            assertEquals(0, typed(broker, directory, "handlers", "skip", "exec").exit());
            await().atMost(60, TimeUnit.SECONDS).until(() -> json(broker, "status").getAsJsonObject().get("deadLetters").getAsInt() == 1
                    && handler(broker, "save-event").get("lag").getAsInt() == 0);

            String status = shown(broker, "status");
            System.out.println(status);
            assertTrue(status.lines().count() <= 24, status);
            assertTrue(status.startsWith("Bolide     "), status);
            assertTrue(status.contains(", " + Broker.IVOID + ", up "), status);
            assertTrue(status.contains("1 subscriber at broadcaster." + broker.broadcastPort), status);
            assertTrue(status.contains("save-event: running, lag 0, "), status);
            assertTrue(followed(broker, status, "Refused    1 in 24 h").contains("not an IVOID"));
            assertTrue(followed(broker, status, "1 dead letter: 1 of exec").contains("SWIFT#BAT_GRB_Pos_700101-352"));
            assertTrue(followed(broker, status, " cut off or not let in").contains("127.0.0.1:"));

            String clients = shown(broker, "clients");
            System.out.println(clients);
            assertTrue(clients.contains("127.0.0.1:" + subscriber.localPort()) && clients.contains("//Param[@name=\"TrigID\"]"), clients);
            JsonObject client = json(broker, "clients").getAsJsonArray().get(0).getAsJsonObject();
            assertEquals("subscriber", client.get("role").getAsString());
            assertEquals("//Param[@name=\"TrigID\"]", client.get("filters").getAsJsonArray().get(0).getAsString());
            assertTrue(shown(broker, "remotes").contains("localhost:" + upstream.broadcastPort + ", connected for "));
            assertEquals(1, json(broker, "remotes").getAsJsonArray().get(0).getAsJsonObject().get("events").getAsInt());
            assertTrue(json(broker, "remotes", "gaps").isJsonArray());
            assertTrue(shown(broker, "filters").contains("//Param[@name=\"TrigID\"]"));
            assertEquals("There are no rules: every event is accepted, and sent to whoever wants it.\n", shown(broker, "rules"));
            assertTrue(json(broker, "log").getAsJsonObject().get("events").getAsInt() == 2);
        }
    }

    @Test
    void shouldFindEventsByWhatIsKnownOfThem() throws Exception {
        try (Broker broker = new Broker(directory).startBoth()) {
            for (byte[] event : SampleEvents.all()) {
                assertTrue(submit(broker, event).contains("role=\"ack\""));
            }
            String events = shown(broker, "events", "list", "--limit=3");
            System.out.println(events);
            assertTrue(events.endsWith("There are more; the next page: add --before=5\n"), events);
            assertTrue(shown(broker, "events", "--cone=104.2,41.3,1").contains("SWIFT#BAT_GRB_Pos_700101-352"));
            assertEquals(1, json(broker, "events", "--cone=15:46:08,-19:49:00,0.1").getAsJsonArray().size());
            assertEquals(1, json(broker, "events", "--stream=ivo://nasa.gsfc.gcn/SWIFT").getAsJsonArray().size());
            assertEquals(1, json(broker, "events", "--role=prediction").getAsJsonArray().size());
            Product.Result shown = typed(broker, directory, "events", "show", "1");
            System.out.println(shown.out());
            assertTrue(shown.out().startsWith("Event      1, received on ") && shown.out().contains("\n<voe:VOEvent\n"), shown.out());
            assertEquals(new String(SampleEvents.swift(), StandardCharsets.UTF_8),
                    typed(broker, directory, "events", "show", "1", "--xml").out());
            assertEquals(0, broker.terminate());
            Product.Result status = typed(broker, directory, "status");
            assertEquals(3, status.exit(), status.toString());
            assertTrue(status.err().contains("no broker runs in " + broker.base), status.err());
            assertTrue(shown(typed(broker, directory, "events", "--limit=1")).contains("Seq.  Received (UTC)"));
        }
    }

    private static String shown(Product.Result result) {
        assertEquals(0, result.exit(), result.toString());
        return result.out();
    }
}
