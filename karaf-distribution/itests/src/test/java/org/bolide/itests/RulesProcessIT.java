package org.bolide.itests;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An owner writes, edits and deletes rule files in {@code etc}. */
class RulesProcessIT {
    private static final String ACCEPT = "org.bolide.rules.accept~";
    private static final String RELAY = "org.bolide.rules.relay~";
    private static final String FILTER = "org.bolide.rules.filter~";
    private static final int STARTS = 3;

    @TempDir
    Path directory;
    private int submitted;

    @Test
    void shouldTakeRulesFromFilesWhileTheBrokerRuns() throws IOException {
        try (Broker broker = new Broker(directory).startBoth(); VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            assertAck(submit(broker, "test", "KSK"));
            subscriber.takeEvent();

            write(broker, ACCEPT + "no-tests.cfg.json", "{ \"action\": \"deny\", \"roles\": [\"test\"], \"reason\": \"test events are not taken here\" }");
            broker.awaitLog("the accept rule \"no-tests\" is in force: order 100, deny role test");
            String answer = submit(broker, "test", "KSK");
            assertTrue(answer.contains("role=\"nak\""), answer);
            assertTrue(answer.contains("<Result>refused by rule \"no-tests\": test events are not taken here</Result>"), answer);
            String said = broker.awaitLog("INFO.*refused by rule \"no-tests\"");
            assertTrue(said.contains("id=ivo://test.author/rules#2 ") && said.contains("source=127.0.0.1:"), said);
            assertAck(submit(broker, "observation", "KSK"));

            write(broker, ACCEPT + "but-ksk.cfg.json", "{ \"action\": \"allow\", \"order\": 1, \"sources\": [\"127.0.0.0/8\"],"
                    + " \"identifierPrefixes\": [\"ivo://Test.Author/rules#\"], \"filter\": \"//Who/Author[contactName='KSK']\" }");
            broker.awaitLog("the accept rule \"but-ksk\" is in force");
            assertAck(submit(broker, "test", "KSK"));
            assertNak(submit(broker, "test", "Somebody"), "no-tests");

            write(broker, ACCEPT + "no-tests.cfg.json", "{ \"action\": \"deny\", \"roles\": [\"observation\"] }");
            broker.awaitLog("the accept rule \"no-tests\" is changed: order 100, deny role observation");
            assertNak(submit(broker, "observation", "Somebody"), "no-tests");
            assertAck(submit(broker, "test", "Somebody"));

            Files.delete(etc(broker).resolve(ACCEPT + "no-tests.cfg.json"));
            broker.awaitLog("the accept rule \"no-tests\" is gone");
            assertAck(submit(broker, "observation", "Somebody"));
            List<String> came = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                came.add(new String(subscriber.takeEvent()).replaceAll("(?s).*ivorn=\"[^#]*#(\\d+)\".*", "$1"));
            }
            assertEquals(List.of("3", "4", "7", "8"), came, "nobody was sent what was refused");
        }
    }

    @Test
    void shouldNameWhatIsWrongWithARule() throws IOException {
        try (Broker broker = new Broker(directory).startBoth()) {
            write(broker, ACCEPT + "a.cfg.json", "{ \"action\": \"refuse\" }");
            broker.awaitLog("ERROR.*" + ACCEPT + "a.cfg.json: \"action\" must be allow or deny, not \"refuse\".*nothing of it is in force");
            write(broker, ACCEPT + "b.cfg.json", "{ \"action\": \"deny\", \"role\": [\"test\"] }");
            broker.awaitLog("ERROR.*" + ACCEPT + "b.cfg.json: unknown key \"role\". Did you mean \"roles\"");
            write(broker, ACCEPT + "c.cfg.json", "{ }");
            broker.awaitLog("ERROR.*" + ACCEPT + "c.cfg.json: the key \"action\" is missing; it must be allow or deny");
            write(broker, ACCEPT + "d.cfg.json", "{ \"action\": \"deny\", \"sources\": [\"127.0.0.0/33\"] }");
            broker.awaitLog("ERROR.*etc/" + ACCEPT + "d.cfg.json, key sources: '127.0.0.0/33' is no network.*does not run; correct the file");
            assertAck(submit(broker, "test", "KSK"));

            // A filter can be judged only by its language, so the rule stands and lets nothing pass.
            write(broker, ACCEPT + "e.cfg.json", "{ \"action\": \"deny\", \"roles\": [\"test\"], \"filter\": \"//Who[\" }");
            broker.awaitLog("WARN.*rule \"e\" cannot decide: etc/" + ACCEPT + "e.cfg.json, key filter: .*correct or remove");
            try (VtpPeer author = VtpPeer.connect(broker.receivePort)) {
                assertTrue(author.send(SampleEvents.event("ivo://test.author/rules#later").bytes()).closes(), "without a receipt");
            }
            broker.awaitLog("WARN.*disconnected without a receipt.*: rule \"e\" cannot decide");
            assertAck(submit(broker, "observation", "KSK"));
            write(broker, ACCEPT + "e.cfg.json", "{ \"action\": \"deny\", \"filter\": \"//Who/Author[contactName='KSK']\" }");
            broker.awaitLog("the accept rule \"e\" is changed");
            assertNak(submit(broker, "test", "KSK"), "e");
            write(broker, ACCEPT + "e.cfg.json", "{ \"action\": \"allow\", \"filter\": \"//Who/Author[\" }");
            broker.awaitLog("ERROR.*etc/" + ACCEPT + "e.cfg.json, key filter: .*refused; what was in force stays in force");
            assertNak(submit(broker, "test", "KSK"), "e");
            assertEquals(List.of(), broker.log("ERROR.*checking failed"));
        }
    }

    @Test
    void shouldNotStartWithARuleThatSaysNothingClear() throws Exception {
        try (Broker broker = new Broker(directory)) {
            write(broker, ACCEPT + "network.cfg.json", "{ \"action\": \"deny\", \"sources\": [\"127.0.0.0/33\"] }");
            broker.start("--local-ivo=" + Broker.IVOID, "--receive", "--receive-port=" + broker.receivePort);
            broker.awaitLog("cannot start.*etc/" + ACCEPT + "network.cfg.json, key sources: '127.0.0.0/33' is no network");
            await("it ends").until(() -> !broker.isAlive());
        }
    }

    @Test
    void shouldRefuseWhatARemoteBrokerSendsAndStayConnected() throws IOException {
        Broker upstream = new Broker(directory.resolve("upstream"));
        Broker downstream = new Broker(directory.resolve("downstream"));
        try (upstream; downstream) {
            upstream.startBoth();
            write(downstream, ACCEPT + "no-tests.cfg.json", "{ \"action\": \"deny\", \"origin\": \"broker\", \"sources\": [\"127.0.0.1:"
                    + upstream.broadcastPort + "\"], \"roles\": [\"test\"] }");
            downstream.startBoth("--remote=127.0.0.1:" + upstream.broadcastPort);
            downstream.awaitLog("subscription.*connected to");
            try (VtpPeer subscriber = VtpPeer.subscribe(downstream.broadcastPort)) {
                assertAck(submit(upstream, "test", "KSK"));
                downstream.awaitLog("id=ivo://test.author/rules#1 position= source=127.0.0.1:" + upstream.broadcastPort
                        + " refused: refused by rule \"no-tests\"");
                assertAck(submit(upstream, "observation", "KSK"));
                assertArrayEquals(event(2, "observation", "KSK"), subscriber.takeEvent());
                assertAck(submit(downstream, "test", "its own author"));
                subscriber.takeEvent();
            }
            assertEquals(1, downstream.log("subscription.*connected to").size());
            assertEquals(List.of(), upstream.log("the subscriber refuses it"), "it was acknowledged");
        }
    }

    @Test
    void shouldHoldEventsBackFromThoseWhomARelayRuleNames() throws IOException {
        try (Broker broker = new Broker(directory).startBoth(); VtpPeer inside = subscribe(broker, "127.0.0.1");
                VtpPeer outside = subscribe(broker, "127.0.0.2")) {
            write(broker, RELAY + "tests-stay-inside.cfg.json",
                    "{ \"action\": \"deny\", \"to\": [\"127.0.0.2\"], \"roles\": [\"test\"], \"reason\": \"tests stay inside\" }");
            broker.awaitLog("the relay rule \"tests-stay-inside\" is in force: order 100, deny to 127.0.0.2; role test");
            assertAck(submit(broker, "test", "KSK"));
            assertAck(submit(broker, "observation", "KSK"));
            assertArrayEquals(event(1, "test", "KSK"), inside.takeEvent());
            assertArrayEquals(event(2, "observation", "KSK"), inside.takeEvent());
            assertArrayEquals(event(2, "observation", "KSK"), outside.takeEvent(), "the test was held back");

            write(broker, RELAY + "tests-stay-inside.cfg.json", "{ \"action\": \"deny\", \"to\": [\"127.0.0.2\"], \"filter\": \"//contactName='KSK'\" }");
            broker.awaitLog("the relay rule \"tests-stay-inside\" is changed");
            assertAck(submit(broker, "observation", "KSK"));
            assertAck(submit(broker, "test", "Somebody"));
            assertArrayEquals(event(3, "observation", "KSK"), inside.takeEvent());
            assertArrayEquals(event(4, "test", "Somebody"), inside.takeEvent());
            assertArrayEquals(event(4, "test", "Somebody"), outside.takeEvent());
            // An earlier rule lets everybody of this listener have everything.
            write(broker, RELAY + "first.cfg.json", "{ \"action\": \"allow\", \"order\": 1, \"listeners\": [\"" + listener(broker) + "\"] }");
            broker.awaitLog("the relay rule \"first\" is in force");
            assertAck(submit(broker, "test", "KSK"));
            assertArrayEquals(event(5, "test", "KSK"), outside.takeEvent());
            assertArrayEquals(event(5, "test", "KSK"), inside.takeEvent());
            Files.delete(etc(broker).resolve(RELAY + "first.cfg.json"));
            broker.awaitLog("the relay rule \"first\" is gone");
            assertAck(submit(broker, "test", "KSK"));
            Files.delete(etc(broker).resolve(RELAY + "tests-stay-inside.cfg.json"));
            broker.awaitLog("the relay rule \"tests-stay-inside\" is gone");
            assertAck(submit(broker, "test", "KSK"));
            assertArrayEquals(event(6, "test", "KSK"), inside.takeEvent());
            assertArrayEquals(event(7, "test", "KSK"), inside.takeEvent());
            assertArrayEquals(event(7, "test", "KSK"), outside.takeEvent(), "what was held back is not sent later");
        }
    }

    @Test
    void shouldDecideWhoMayFilterInWhichLanguage() throws IOException {
        try (Broker broker = new Broker(directory).startBoth(); VtpPeer inside = subscribe(broker, "127.0.0.1");
                VtpPeer outside = subscribe(broker, "127.0.0.2")) {
            String xquery = VtpPeer.transport("authenticate", "ivo://test.broker/local",
                    "<Meta><Param name=\"xquery-filter\" value=\"//Who\"/></Meta>");
            String answer = inside.send(xquery).readText();
            assertTrue(answer.contains("role=\"nak\"") && answer.contains("xquery filters are not allowed"), answer);

            write(broker, FILTER + "none.cfg.json", "{ \"action\": \"deny\", \"from\": [\"127.0.0.2\"], \"languages\": [\"xpath\", \"xquery\"] }");
            broker.awaitLog("the filter rule \"none\" is in force: order 100, deny language xpath or xquery; from 127.0.0.2");
            answer = outside.filters("//Author[contactName='KSK']").readText();
            assertTrue(answer.contains("role=\"nak\"") && answer.contains("xpath filters are not allowed"), answer);
            inside.filters("//Author[contactName='KSK']");
            broker.awaitLog("127.0.0.1:" + inside.localPort() + " asks for .*KSK");
            assertAck(submit(broker, "test", "Somebody"));
            assertAck(submit(broker, "test", "KSK"));
            assertArrayEquals(event(2, "test", "KSK"), inside.takeEvent());

            Files.delete(etc(broker).resolve(FILTER + "none.cfg.json"));
            broker.awaitLog("the filter rule \"none\" is gone");
            outside.filters("//Author[contactName='KSK']");
            broker.awaitLog("127.0.0.2:" + outside.localPort() + " asks for .*KSK");
            assertAck(submit(broker, "test", "Somebody"));
            assertAck(submit(broker, "test", "KSK"));
            assertArrayEquals(event(4, "test", "KSK"), outside.takeEvent());
        }
    }

    /** Authors submit from the first moment on; before the filter's language is there they get no receipt, later a nak. */
    @Test
    void shouldHaveTheRulesInForceBeforeThePortsOpen() throws Exception {
        Broker broker = new Broker(directory);
        try (broker) {
            write(broker, ACCEPT + "none.cfg.json", "{ \"action\": \"deny\", \"filter\": \"//Who\", \"reason\": \"none at all\" }");
            for (int start = 1; start <= STARTS; start++) {
                broker.start("--local-ivo=" + Broker.IVOID, "--receive", "--receive-port=" + broker.receivePort);
                Map<String, Integer> answers = new TreeMap<>();
                await("five naks").atMost(60, SECONDS).pollDelay(0, SECONDS).pollInterval(2, MILLISECONDS)
                        .until(() -> answers.merge(outcome(broker), 1, Integer::sum) >= 5 && answers.getOrDefault("nak", 0) >= 5);
                System.out.println("start " + start + ": " + answers);
                assertEquals(null, answers.get("ack"), answers.toString());
                assertEquals(0, broker.terminate());
            }
        }
    }

    private String outcome(Broker broker) throws IOException {
        try {
            String answer = submit(broker, "test", "KSK");
            return answer.contains("role=\"ack\"") ? "ack" : answer.contains("rule \"none\"") ? "nak" : answer;
        } catch (ConnectException e) {
            return "not listening";
        } catch (EOFException | SocketException e) {
            return "no receipt";
        }
    }

    /** Submits an event that nobody has had before; its number counts from 1. */
    private String submit(Broker broker, String role, String contact) throws IOException {
        return RelayProcessIT.submit(broker.receivePort, event(++submitted, role, contact)).replace("&quot;", "\"");
    }

    private static byte[] event(int number, String role, String contact) {
        return SampleEvents.event("ivo://test.author/rules#" + number).role(role).contactName(contact).bytes();
    }

    /** The name of the broadcaster's file, if it had one. */
    private static String listener(Broker broker) {
        return broker.awaitLog("broadcaster.\\S+: subscribers may connect").replaceAll(".*broadcaster\\.(\\S+): subscribers.*", "$1");
    }

    private static VtpPeer subscribe(Broker broker, String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), broker.broadcastPort));
        VtpPeer peer = new VtpPeer(socket);
        assertTrue(peer.readText().contains("role=\"authenticate\""));
        return peer;
    }

    private static void assertAck(String answer) {
        assertTrue(answer.contains("role=\"ack\""), answer);
    }

    private static void assertNak(String answer, String rule) {
        assertTrue(answer.contains("role=\"nak\"") && answer.contains("refused by rule \"" + rule + "\""), answer);
    }

    private static Path etc(Broker broker) throws IOException {
        return Files.createDirectories(broker.base.resolve("etc"));
    }

    /** Saves a file as careful editors do: in one step. */
    private void write(Broker broker, String name, String content) throws IOException {
        Path partial = Files.writeString(directory.resolve("partial"), content);
        Files.move(partial, etc(broker).resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
