package org.bolide.launcher.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.bolide.launcher.Fixture;
import org.bolide.launcher.control.Connection.Caller;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CommandTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path home;
    private Path base;

    @BeforeEach
    void install() throws IOException {
        home = Fixture.installation(folder.resolve("home"));
        Path jar = home.resolve("system/org/bolide/org.bolide.shell/1/org.bolide.shell-1.jar");
        Files.createDirectories(jar.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("OSGI-INF/bolide/commands/sing.txt"));
            zip.write("makes noise\nUsage: bolide sing [--loud]\n".getBytes(UTF_8));
        }
        base = Files.createDirectories(folder.resolve("b"));
    }

    private int run(String... arguments) {
        Caller caller = new Caller(folder, Map.of("BOLIDE_X", "y", "HOME", "z"), "e", InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return new Command(home, caller).run(List.of(arguments));
    }

    @Test
    void shouldHelpWithoutABroker() {
        assertEquals(0, run("--base=b", "sing", "--help"));
        assertEquals("Usage: bolide sing [--loud]\n", out.toString(UTF_8));
        out.reset();
        assertEquals(0, run("help"));
        assertTrue(out.toString(UTF_8).endsWith("\n  sing  makes noise\n"), out::toString);
    }

    @Test
    void shouldStartNothingForACommandThatThereIsNot() {
        assertEquals(64, run("snig"));
        assertEquals("bolide: \"snig\" is no command; did you mean sing?\n", err.toString(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--base=b sing --loud", "--base b sing --loud", "sing --base b --loud", "sing --loud --base=b"})
    void shouldHandTheCommandToTheBrokerAndItsAnswerToTheCaller(String line) throws Exception {
        Path socket = Files.createDirectories(base.resolve("data/control")).resolve("socket");
        try (ServerSocketChannel broker = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            broker.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<List<String>> request = CompletableFuture.supplyAsync(() -> serve(broker));
            assertEquals(7, run(line.split(" ")));
            String pid = Long.toString(ProcessHandle.current().pid());
            assertEquals(List.of("Hbolide 1", "P" + pid, "D" + folder, "Te", "VBOLIDE_X=y", "Asing", "A--loud", "R", "0"), request.join());
            assertEquals("la", out.toString(UTF_8));
            assertEquals("hm", err.toString(UTF_8));
        }
    }

    private static List<String> serve(ServerSocketChannel broker) {
        try (SocketChannel client = broker.accept()) {
            List<String> frames = new ArrayList<>();
            do {
                frames.add(read(client));
            } while (!frames.get(frames.size() - 1).equals("R"));
            write(client, "i");
            frames.add(read(client));
            write(client, "1la");
            write(client, "2hm");
            write(client, "x\u0007");
            return frames;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static String read(SocketChannel client) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(5);
        while (head.hasRemaining()) {
            client.read(head);
        }
        ByteBuffer content = ByteBuffer.allocate(head.getInt(1));
        while (content.hasRemaining()) {
            client.read(content);
        }
        return (char) head.get(0) + new String(content.array(), UTF_8);
    }

    private static void write(SocketChannel client, String frame) throws IOException {
        byte[] content = frame.substring(1).getBytes(UTF_8);
        client.write(ByteBuffer.allocate(5 + content.length).put((byte) frame.charAt(0)).putInt(content.length).put(content).flip());
    }
}
