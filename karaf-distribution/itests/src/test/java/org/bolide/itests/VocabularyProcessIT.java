package org.bolide.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.bolide.api.xml.EventBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A broker that starts with a vocabulary: Clacks' events by the example that is shipped, over VTP. */
class VocabularyProcessIT {

    private static final String GONICUS = "http://www.gonicus.de/Events";
    private static final String FILE = "org.bolide.vocabulary.xml~clacks.cfg.json";

    @TempDir
    Path directory;
    private Broker broker;
    private Path etc;

    @BeforeEach
    void dropIn() throws IOException {
        broker = new Broker(directory);
        etc = broker.base.resolve("etc");
        Path shipped = Product.HOME.resolve("etc");
        Files.createDirectories(etc.resolve("clacks"));
        for (String type : List.of("NodeStatus", "PhoneStatus")) {
            Files.copy(shipped.resolve("clacks/" + type + ".xsd"), etc.resolve("clacks/" + type + ".xsd"));
        }
        Files.copy(shipped.resolve(FILE + ".example"), etc.resolve(FILE));
        Files.writeString(etc.resolve("org.bolide.transport.receiver~phones.cfg.json"),
                "{ \"port\": " + broker.receivePort + ", \"roots\": [\"{" + GONICUS + "}Event\"] }");
    }

    @Test
    void shouldKnowItsEventsAsSoonAsAListenerIsOpen() throws Exception {
        Files.writeString(etc.resolve("org.bolide.handler.printevent~busy.cfg.json"),
                "{ \"handler.name\": \"busy\", \"handler.filter\": \"e:PhoneStatus[e:Status = 'busy']\", \"output\": \"stdout\" }");
        try (Broker running = broker.start("--local-ivo=" + Broker.IVOID)) {
            running.awaitListening(running.receivePort);
            for (String status : List.of("ringing", "busy", "free")) {
                String answer = RelayProcessIT.submit(running.receivePort, phone(status));
                assertTrue(answer.contains("role=\"ack\""), answer);
            }
            await().until(() -> running.output().contains("busy"));
            assertEquals(0, running.terminate());
            assertEquals(List.of(new String(phone("busy"), StandardCharsets.UTF_8).lines().skip(1).findFirst().orElseThrow()),
                    running.output().lines().filter(line -> line.contains("Event")).toList());
        }
    }

    @Test
    void shouldStartWithoutABrokenSchemaAndSayWhereItBreaks() throws Exception {
        Path broken = etc.resolve("clacks/NodeStatus.xsd");
        Files.writeString(broken, Files.readString(broken).replace("xs:float", "xs:floot"));
        try (Broker running = broker.start("--local-ivo=" + Broker.IVOID)) {
            running.awaitListening(running.receivePort);
            running.awaitLog("ERROR.*etc/clacks/NodeStatus.xsd: line 9, column \\d+: .*xs:floot.* \\(refused; nothing of it is in force\\)");
            assertTrue(RelayProcessIT.submit(running.receivePort, phone("busy")).contains("role=\"ack\""));
            String refusal = RelayProcessIT.submit(running.receivePort, new EventBuilder().namespace("", GONICUS).start("Event")
                    .start("NodeStatus").end().end().toBytes());
            assertTrue(refusal.contains("role=\"nak\"") && refusal.contains("NodeStatus"), refusal);
        }
    }

    @Test
    void shouldNotStartWithAWrongXPath() throws Exception {
        Files.writeString(etc.resolve(FILE), Files.readString(etc.resolve(FILE)).replace("local-name(*)", "local-name(*"));
        Product.Result result = Product.run(directory, "bolide", "--base=" + broker.base, "--local-ivo=" + Broker.IVOID);
        assertEquals(1, result.exit(), result.toString());
        String last = result.err().lines().reduce("", (before, line) -> line);
        assertTrue(last.contains("etc/" + FILE + ", key role: 'local-name(*' is no XPath: ") && last.contains("character"), result.err());
    }

    private static byte[] phone(String status) {
        return new EventBuilder().namespace("", GONICUS).start("Event").start("PhoneStatus").element("CallerId", "012345")
                .element("ReceiverId", "12343424").element("Status", status).end().end().toBytes();
    }
}
