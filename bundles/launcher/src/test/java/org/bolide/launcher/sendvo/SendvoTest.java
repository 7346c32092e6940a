package org.bolide.launcher.sendvo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SendvoTest {

    /** A broker as sendvo sees it; the first message decides what it does. */
    private final List<byte[]> received = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    private ServerSocket listener;
    private Thread broker;
    private volatile String role = "ack";
    private volatile String meta = "";
    private volatile boolean silent;
    private volatile boolean keeps;
    private volatile int perConnection = Integer.MAX_VALUE;
    private volatile boolean closesWithoutAnswer;
    private volatile int connections;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        broker = new Thread(this::serve, "test-broker");
        broker.start();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        listener.close();
        broker.join();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept(); VtpPeer peer = new VtpPeer(socket)) {
                connections++;
                if (keeps) {
                    keep(socket, peer);
                    continue;
                }
                byte[] event = peer.read();
                received.add(event);
                if (silent) {
                    peer.closes();
                } else if (!role.isEmpty()) {
                    peer.send(VtpPeer.transport(role, "ivo://origin/of#" + received.size(), meta));
                }
            } catch (SocketException e) {
                assertTrue(listener.isClosed(), e::toString);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Takes events until their author ends the connection, or for so many; answers some at a time. */
    private void keep(Socket socket, VtpPeer peer) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        for (int here = 1; here <= perConnection; here++) {
            byte[] event;
            try {
                event = in.readNBytes(in.readInt());
            } catch (EOFException e) {
                return;
            }
            received.add(event);
            boolean isLast = here == perConnection && closesWithoutAnswer;
            if (!isLast) {
                peer.send(VtpPeer.transport("ack", new String(event, UTF_8).replaceAll("(?s).*ivorn=\"([^\"]*)\".*", "$1"), ""));
            }
        }
    }

    private Path archive(int events) throws IOException {
        Path file = folder.resolve("many.tar");
        byte[][] contents = new byte[events][];
        for (int i = 0; i < events; i++) {
            contents[i] = SampleEvents.event("ivo://test.author/many#" + i).bytes();
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            pack(out, contents);
        }
        return file;
    }

    private void assertAcknowledgedOnceInOrder(int events) {
        List<String> expected = IntStream.range(0, events).mapToObj(i -> "ack ivo://test.author/many#" + i).toList();
        assertEquals(expected, printed().lines().toList());
    }

    @Test
    void shouldSendManyOnOneConnectionToABrokerThatTakesThem() throws IOException {
        keeps = true;
        assertEquals(0, send(new byte[0], archive(500).toString()));
        assertAcknowledgedOnceInOrder(500);
        assertEquals(1, connections);
        assertEquals(500, received.size());
    }

    @Test
    void shouldGoOnWhenAConnectionEndsAndTellOfEachEventOnce() throws IOException {
        keeps = true;
        perConnection = 70;
        assertEquals(0, send(new byte[0], archive(500).toString()));
        assertAcknowledgedOnceInOrder(500);
        assertTrue(connections < 12, () -> connections + " connections");
    }

    @Test
    void shouldSendAgainWhatGotNoAnswer() throws IOException {
        keeps = true;
        perConnection = 70;
        closesWithoutAnswer = true;
        assertEquals(0, send(new byte[0], archive(300).toString()));
        assertAcknowledgedOnceInOrder(300);
        assertTrue(received.size() > 300, "some came twice");
    }

    @Test
    void shouldUseAConnectionForEachWhereTheBrokerClosesAfterTheFirstAnswer() throws IOException {
        assertEquals(0, send(new byte[0], archive(20).toString()));
        assertEquals(20, received.size());
        assertEquals("sendvo: 20 acknowledged, 0 refused, 0 without an answer\n", err.toString(UTF_8));
    }

    @Test
    void shouldGiveEachUpThatABrokerLeavesWithoutAnAnswer() throws IOException {
        keeps = true;
        perConnection = 1;
        closesWithoutAnswer = true;
        assertEquals(2, send(new byte[0], archive(5).toString()));
        assertEquals(5, received.size());
        assertTrue(err.toString(UTF_8).endsWith("sendvo: 0 acknowledged, 0 refused, 5 without an answer\n"), err::toString);
    }

    private int send(byte[] input, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-p", Integer.toString(listener.getLocalPort()), "-h", "127.0.0.1"));
        all.addAll(List.of(arguments));
        return run(input, false, all);
    }

    private int run(byte[] input, boolean isTerminal, List<String> arguments) {
        out.reset();
        err.reset();
        PrintStream output = new PrintStream(out, true, UTF_8);
        return Sendvo.run(arguments, isTerminal, new ByteArrayInputStream(input), output, new PrintStream(err, true, UTF_8));
    }

    private String printed() {
        return out.toString(UTF_8);
    }

    private Path file(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    @Test
    void shouldSendStandardInputAndPrintTheAck() {
        assertEquals(0, send(SampleEvents.swift()));
        assertEquals("ack ivo://origin/of#1\n", printed());
        assertEquals("", err.toString(UTF_8));
        assertArrayEquals(SampleEvents.swift(), received.get(0));
    }

    @Test
    void shouldPrintWhyAnEventIsRefused() {
        role = "nak";
        meta = "<Meta><Param name='a' value='b'/><Result>no such\n  thing &amp; more</Result></Meta>";
        assertEquals(1, send(SampleEvents.swift(), "-f", "-"));
        assertEquals("nak ivo://origin/of#1: no such thing & more\n", printed());
    }

    @Test
    void shouldSayWhenTheBrokerClosesWithoutAnAnswer() throws IOException {
        role = "";
        Path file = file("e.xml", SampleEvents.test());
        assertEquals(2, send(new byte[0], file.toString()));
        assertEquals("", printed());
        assertEquals("sendvo: " + file + ": the broker closed the connection without an answer"
                + " (not allowed to send, or the broker is overloaded)\n", err.toString(UTF_8));
    }

    @Test
    void shouldWaitNoLongerThanToldTo() {
        silent = true;
        assertEquals(2, send(SampleEvents.test(), "--timeout=1"));
        assertEquals("sendvo: standard input: no answer within 1 s\n", err.toString(UTF_8));
    }

    @Test
    void shouldSayWhenNoBrokerIsThere() throws IOException, InterruptedException {
        stop();
        assertEquals(2, send(SampleEvents.test()));
        assertEquals("sendvo: cannot connect to 127.0.0.1 port " + listener.getLocalPort() + ": Connection refused\n",
                err.toString(UTF_8));
    }

    @Test
    void shouldRefuseAnswersThatAreNone() {
        role = "iamalive";
        assertEquals(2, send(SampleEvents.test()));
        assertTrue(err.toString(UTF_8).contains("neither ack nor nak but iamalive"), err::toString);
    }

    @Test
    void shouldSendFilesFoldersAndArchives() throws IOException {
        file("d/2.xml", SampleEvents.fermi());
        file("d/1/1.xml", SampleEvents.swift());
        file("d/.hidden", new byte[] {1});
        Path single = file("single.xml", SampleEvents.test());
        Path tar = folder.resolve("t.tar");
        Path gz = folder.resolve("t.tar.gz");
        Path bz2 = folder.resolve("t.tar.bz2");
        try (OutputStream a = Files.newOutputStream(tar);
                OutputStream b = new GZIPOutputStream(Files.newOutputStream(gz));
                OutputStream c = new BZip2CompressorOutputStream(Files.newOutputStream(bz2))) {
            for (OutputStream archive : List.of(a, b, c)) {
                pack(archive, SampleEvents.citing(), SampleEvents.v21());
            }
        }
        assertEquals(0, send(new byte[0], single.toString(), folder.resolve("d").toString(), tar.toString(), gz.toString(),
                bz2.toString()));
        List<byte[]> expected = List.of(SampleEvents.test(), SampleEvents.swift(), SampleEvents.fermi(),
                SampleEvents.citing(), SampleEvents.v21(), SampleEvents.citing(), SampleEvents.v21(),
                SampleEvents.citing(), SampleEvents.v21());
        assertEquals(expected.size(), received.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), received.get(i));
        }
        assertEquals("sendvo: 9 acknowledged, 0 refused, 0 without an answer\n", err.toString(UTF_8));
    }

    private static void pack(OutputStream out, byte[]... events) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        for (int i = 0; i < events.length; i++) {
            TarArchiveEntry entry = new TarArchiveEntry("events/" + i + ".xml");
            entry.setSize(events[i].length);
            tar.putArchiveEntry(entry);
            tar.write(events[i]);
            tar.closeArchiveEntry();
        }
        tar.finish();
    }

    @Test
    void shouldShowProgressOnATerminal() throws IOException {
        file("d/1.xml", SampleEvents.swift());
        file("d/2.xml", SampleEvents.swift());
        String port = Integer.toString(listener.getLocalPort());
        assertEquals(0, run(new byte[0], true, List.of("-h", "127.0.0.1", "-p", port, folder.resolve("d").toString())));
        assertTrue(err.toString(UTF_8).contains("[###############---------------]  50 %  1 events"), err::toString);
        assertEquals(2, printed().lines().count());
    }

    @Test
    void shouldMakeIdentifiersUnique() {
        assertEquals(0, send(SampleEvents.test(), "--new-id"));
        assertEquals(0, send(SampleEvents.test(), "--new-id"));
        assertNotEquals(new String(received.get(0), UTF_8), new String(received.get(1), UTF_8));
        assertTrue(received.get(0).length > SampleEvents.test().length);
    }

    @Test
    void shouldTakeTheOperandsOfComet3() throws IOException {
        Path file = file("e.xml", SampleEvents.test());
        int port = listener.getLocalPort();
        assertEquals(0, run(new byte[0], false, List.of("-v", "tcp:127.0.0.1:" + port, file.toString())));
        assertEquals(0, run(SampleEvents.test(), false, List.of("127.0.0.1:" + port, "-")));
        assertEquals(2, received.size());
    }

    @Test
    void shouldTakeTwoFilesAsTwoFiles() throws IOException {
        Path first = file("1.xml", SampleEvents.test());
        Path second = file("2.xml", SampleEvents.swift());
        assertEquals(0, send(new byte[0], first.toString(), second.toString()));
        assertEquals(2, received.size());
    }

    @Test
    void shouldRefuseWrongUse() {
        assertUsage("no such file: nowhere.xml", "nowhere.xml");
        assertUsage("unknown option --fiel; did you mean --file?", "--fiel=x");
        assertUsage("-h takes a host; for help, sendvo --help", "-h");
        assertUsage("--port must be a whole number from 1 to 65535, not \"x\"", "-p", "x");
        assertUsage("--timeout must be a whole number from 1 to 86400, not \"0\"", "--timeout=0");
    }

    private void assertUsage(String message, String... arguments) {
        assertEquals(64, run(new byte[0], false, List.of(arguments)));
        assertEquals("sendvo: " + message + "\n", err.toString(UTF_8));
    }

    @Test
    void shouldHelp() {
        assertEquals(0, run(new byte[0], false, List.of("--help")));
        printed().lines().forEach(line -> assertTrue(line.length() <= 100, line));
        assertTrue(printed().contains("--new-id"));
    }

    @Test
    void shouldUnderstandEveryNamespaceInUse() throws IOException {
        for (String namespace : List.of("xmlns=\"http://www.ivoa.net/xml/VTP/v2\"", "",
                "xmlns=\"http://www.telescope-networks.org/xml/Transport/v1.1\"")) {
            Answer answer = Answer.parse(("<Transport role=\"nak\" " + namespace
                    + "><Meta><Result>why</Result></Meta><Origin> o </Origin></Transport>").getBytes(UTF_8));
            assertEquals(new Answer(false, "o", "why"), answer);
        }
    }

    @Test
    void shouldReadRealArchives() throws IOException {
        Path archive = SharedData.folder().map(data -> data.resolve("filters/public-events.tar.gz")).orElse(null);
        if (archive == null) {
            return; // SharedData has said so
        }
        List<Message> messages = new ArrayList<>();
        Messages all = new Messages(new ByteArrayInputStream(new byte[0]));
        all.read(archive.toString(), messages::add);
        System.out.println("events read from " + archive.getFileName() + ": " + messages.size());
        assertTrue(messages.size() > 100);
        assertEquals(Files.size(archive), all.consumed());
    }
}
