package org.bolide.shell.control;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.bolide.shell.command.Caller;
import org.bolide.shell.command.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One command and its client. */
final class Session implements Caller {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int MAX_REQUEST_FRAMES = 10_000;
    private static final int BUFFER = 1 << 15;
    private static final int INTERRUPTED = 130;

    private final SocketChannel client;
    private final ControlSocket broker;
    private final String name;
    private final Thread thread;
    private Runnable ended;

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private String directory = "";
    private String terminals = "";
    private String process = "";
    /** What the client sends while the command runs; only in answer to a question, hence never more than one. */
    private final BlockingQueue<Frame> answers = new LinkedBlockingQueue<>();

    private final PrintStream out = stream('1');
    private final PrintStream err = stream('2');

    Session(SocketChannel client, ControlSocket broker, String name) {
        this.client = client;
        this.broker = broker;
        this.name = name;
        thread = new Thread(this::run, name);
    }

    static void refuse(SocketChannel client, String why) throws IOException {
        try (client) {
            byte[] text = ("bolide: " + why + "\n").getBytes(StandardCharsets.UTF_8);
            Frame.write(client, '2', text, 0, text.length);
            Frame.write(client, 'x', new byte[] {Refusal.FAILED}, 0, 1);
        } catch (IOException e) {
            LOG.debug("a client that was refused has gone", e);
        }
    }

    /** @param whenEnded called once, on a thread of the session */
    void start(Runnable whenEnded) {
        ended = whenEnded;
        thread.start();
    }

    /** Interrupts the command. */
    void end() {
        thread.interrupt();
    }

    @Override
    public String toString() {
        return String.join(" ", arguments);
    }

    private void run() {
        try (client) {
            readRequest();
            Thread listener = new Thread(this::listen, name + "-client");
            listener.start();
            int status = execute();
            boolean wasInterrupted = Thread.interrupted(); // an interrupted thread cannot write
            out.flush();
            err.flush();
            send('x', new byte[] {(byte) status}, 0, 1);
            LOG.debug("\"{}\" ended with status {}{}", this, status, wasInterrupted ? ", interrupted" : "");
        } catch (IOException e) {
            LOG.debug("the client of \"{}\" has gone: {}", this, e.toString());
        } finally {
            ended.run();
        }
    }

    private void readRequest() throws IOException {
        Frame frame = Frame.read(client);
        if (frame.type() != 'H' || !frame.text().equals(Frame.PROTOCOL)) {
            throw new IOException("it speaks another protocol");
        }
        for (int frames = 0; frames < MAX_REQUEST_FRAMES; frames++) {
            frame = Frame.read(client);
            switch (frame.type()) {
                case 'P' -> process = frame.text();
                case 'D' -> directory = frame.text();
                case 'T' -> terminals = frame.text();
                case 'A' -> arguments.add(frame.text());
                case 'V' -> {
                    String[] variable = frame.text().split("=", 2);
                    variables.put(variable[0], variable.length > 1 ? variable[1] : "");
                }
                case 'R' -> {
                    return;
                }
                default -> throw new IOException("an unknown frame: " + frame.type());
            }
        }
        throw new IOException("more than " + MAX_REQUEST_FRAMES + " frames");
    }

    private int execute() {
        try {
            if (!broker.awaitStart()) {
                throw new Refusal("The broker's start does not end. The log file says why.");
            }
            if (broker.onlyFor().isPresent() && !process.equals(Long.toString(broker.onlyFor().getAsLong()))) {
                throw new Refusal("No broker runs here; another command (process " + broker.onlyFor().getAsLong()
                        + ") works on the event log just now. Try again when it has ended.");
            }
            LOG.debug("carries out \"{}\"", this);
            return broker.commands().run(arguments, this);
        } catch (Refusal e) {
            out.flush();
            err.println("bolide: " + e.getMessage());
            return e.status();
        } catch (InterruptedException e) {
            out.flush();
            err.println("bolide: interrupted");
            return INTERRUPTED;
        } catch (RuntimeException e) {
            LOG.error("the command \"{}\" failed", this, e);
            out.flush();
            err.println("bolide: the command failed: " + e + ". The log file has more.");
            return Refusal.FAILED;
        }
    }

    /** Runs until the client closes its end, or the command has ended and the socket is closed. */
    private void listen() {
        try {
            while (true) {
                answers.add(Frame.read(client));
            }
        } catch (EOFException e) {
            thread.interrupt();
        } catch (IOException e) {
            LOG.debug("\"{}\" listens no more: {}", this, e.toString());
            thread.interrupt();
        }
    }

    private synchronized void send(char type, byte[] bytes, int offset, int length) throws IOException {
        Frame.write(client, type, bytes, offset, length);
    }

    private PrintStream stream(char type) {
        return new PrintStream(new BufferedOutputStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int from = 0; from < length; from += BUFFER) {
                    send(type, bytes, offset + from, Math.min(BUFFER, length - from));
                }
            }
        }, BUFFER), false, StandardCharsets.UTF_8);
    }

    /** What the client answers. */
    private Frame ask(char question, String text) throws IOException {
        out.flush();
        err.flush();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(question, bytes, 0, bytes.length);
        try {
            return answers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has gone");
        }
    }

    @Override
    public String user() {
        return PeerUser.of(client);
    }

    @Override
    public String frontEnd() {
        return "bin/bolide";
    }

    @Override
    public InputStream in() {
        return new InputStream() {
            private byte[] piece = {};
            private int place;
            private boolean atEnd;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (place == piece.length && !atEnd) {
                    piece = ask('i', "").content();
                    place = 0;
                    atEnd = piece.length == 0;
                }
                if (atEnd) {
                    return -1;
                }
                int count = Math.min(length, piece.length - place);
                System.arraycopy(piece, place, buffer, offset, count);
                place += count;
                return count;
            }
        };
    }

    @Override
    public boolean isInputTerminal() {
        return terminals.contains("i");
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
        return terminals.contains("o");
    }

    @Override
    public boolean isErrorTerminal() {
        return terminals.contains("e");
    }

    @Override
    public Path directory() {
        return Path.of(directory);
    }

    @Override
    public Optional<String> variable(String variable) {
        return Optional.ofNullable(variables.get(variable));
    }

    @Override
    public Optional<String> password(String prompt) {
        try {
            Frame answer = ask('s', prompt);
            String secret = answer.text();
            Arrays.fill(answer.content(), (byte) 0);
            return answer.type() == 'S' ? Optional.of(secret) : Optional.empty();
        } catch (IOException e) {
            LOG.debug("nobody gives the password", e);
            return Optional.empty();
        }
    }
}
