package org.bolide.launcher.control;

import java.io.Console;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection to a broker's control socket, for one command. The frames are those of {@code org.bolide.shell.control.Frame}.
 */
public final class Connection implements AutoCloseable {

    private static final String PROTOCOL = "bolide 1";
    private static final int HEAD = 5;
    private static final int PIECE = 1 << 16;
    private static final int MAX_BYTES = 1 << 20;

    /** Whoever reads what the command prints reads no more. */
    public static final class BrokenOutput extends IOException {

        private static final long serialVersionUID = 1;
    }

    private final SocketChannel channel;

    private Connection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects to the broker of a base; empty if nobody takes commands there. */
    public static Optional<Connection> open(Path base) throws IOException {
        Path folder = base.resolve("data").resolve("control");
        Path place = folder.resolve("place");
        Path socket = Files.exists(place) ? Path.of(Files.readString(place)) : folder.resolve("socket");
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Connection(SocketChannel.open(UnixDomainSocketAddress.of(socket))));
        } catch (ConnectException e) {
            return Optional.empty(); // left behind
        }
    }

    /** What the caller is and has. */
    public record Caller(Path directory, Map<String, String> environment, String terminals, InputStream in, PrintStream out, PrintStream err) {}

    /**
     * Has a command carried out and returns its exit status.
     *
     * @throws EOFException if the broker ends meanwhile
     */
    public int run(List<String> command, Caller caller) throws IOException {
        send('H', PROTOCOL);
        send('P', Long.toString(ProcessHandle.current().pid()));
        send('D', caller.directory().toString());
        send('T', caller.terminals());
        for (Map.Entry<String, String> variable : caller.environment().entrySet()) {
            if (variable.getKey().startsWith("BOLIDE_")) {
                send('V', variable.getKey() + "=" + variable.getValue());
            }
        }
        for (String argument : command) {
            send('A', argument);
        }
        send('R', "");
        while (true) {
            ByteBuffer head = fill(ByteBuffer.allocate(HEAD));
            char type = (char) head.get();
            int length = head.getInt();
            if (length < 0 || length > MAX_BYTES) {
                throw new IOException("the broker speaks another protocol");
            }
            byte[] content = fill(ByteBuffer.allocate(length)).array();
            switch (type) {
                case '1' -> print(caller.out(), content);
                case '2' -> print(caller.err(), content);
                case 'i' -> {
                    byte[] piece = new byte[PIECE];
                    send('0', Arrays.copyOf(piece, Math.max(0, caller.in().read(piece))));
                }
                case 's' -> secret(new String(content, StandardCharsets.UTF_8));
                case 'x' -> {
                    return content[0] & 0xff;
                }
                default -> throw new IOException("the broker speaks another protocol");
            }
        }
    }

    private static void print(PrintStream stream, byte[] content) throws IOException {
        stream.write(content, 0, content.length);
        if (stream.checkError()) {
            throw new BrokenOutput();
        }
    }

    private void secret(String prompt) throws IOException {
        Console console = System.console();
        char[] secret = console == null ? null : console.readPassword("%s", prompt);
        if (secret == null) {
            send('N', "");
            return;
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(secret));
        send('S', Arrays.copyOf(bytes.array(), bytes.limit()));
        Arrays.fill(secret, ' ');
        Arrays.fill(bytes.array(), (byte) 0);
    }

    private void send(char type, String text) throws IOException {
        send(type, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(char type, byte[] content) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + content.length).put((byte) type).putInt(content.length).put(content).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    private ByteBuffer fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
