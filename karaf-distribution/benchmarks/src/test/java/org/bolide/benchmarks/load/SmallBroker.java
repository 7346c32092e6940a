package org.bolide.benchmarks.load;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A broker for tests: acknowledges, and passes on, with a thread for each connection; with one fault. Of the events, number
 * 5 in the order of their coming meets it.
 */
final class SmallBroker implements AutoCloseable {

    static final int UNLUCKY = 5;

    /** What it does wrong. */
    enum Fault {
        NONE, LOSES, REPEATS, ALTERS, IGNORES_FILTER, SWAPS, REFUSES, NEVER_ANSWERS, CLOSES, ANSWERS_FOR_ANOTHER, DROPS_SUBSCRIBER
    }

    private final Fault fault;
    private final ServerSocket authors = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final ServerSocket subscribers = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Socket> crowd = new CopyOnWriteArrayList<>();
    private final List<String> greetings = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger acks = new AtomicInteger();
    private int taken;
    private byte[] held;

    SmallBroker(Fault fault) throws IOException {
        this.fault = fault;
        accept(authors, this::author);
        accept(subscribers, this::subscriber);
    }

    Target target() {
        return new Target("small", "127.0.0.1", authors.getLocalPort(), subscribers.getLocalPort(), OptionalLong.empty());
    }

    /** How many acks its subscribers sent. */
    int acks() {
        return acks.get();
    }

    /** What subscribers answered to its greeting. */
    List<String> greetings() {
        return List.copyOf(greetings);
    }

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private void accept(ServerSocket server, Service service) {
        start(() -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                sockets.add(socket);
                start(() -> service.serve(socket));
            }
        });
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (SocketException | EOFException e) {
                // The other side, or the test, has ended it.
                return;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void author(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            byte[] event = in.readNBytes(in.readInt());
            if (!take(event, socket)) {
                socket.close();
                return;
            }
        }
    }

    private synchronized boolean take(byte[] event, Socket author) throws IOException {
        boolean unlucky = ++taken == UNLUCKY;
        String ivorn = Transport.ivorn(new String(event, StandardCharsets.ISO_8859_1));
        if (unlucky && fault == Fault.CLOSES) {
            return false;
        }
        if (unlucky && fault == Fault.NEVER_ANSWERS) {
            return true;
        }
        boolean refused = unlucky && fault == Fault.REFUSES;
        String origin = unlucky && fault == Fault.ANSWERS_FOR_ANOTHER ? "ivo://some.example/other#1" : ivorn;
        send(author, Transport.message(refused ? "nak" : "ack", origin, "2026-01-01T00:00:00Z",
                refused ? "<Meta><Result>not today</Result></Meta>" : ""));
        if (!refused) {
            pass(event, unlucky);
        }
        return true;
    }

    private void pass(byte[] event, boolean unlucky) throws IOException {
        if (unlucky && fault == Fault.SWAPS) {
            held = event;
            return;
        }
        byte[] sent = event.clone();
        if (unlucky && fault == Fault.ALTERS) {
            sent[sent.length / 2] ^= 1;
        }
        int times = !unlucky ? 1 : fault == Fault.LOSES ? 0 : fault == Fault.REPEATS ? 2 : 1;
        for (Socket subscriber : crowd) {
            for (int i = 0; i < times; i++) {
                subscriber.getOutputStream().write(Transport.frame(sent));
            }
        }
        if (unlucky && fault == Fault.DROPS_SUBSCRIBER) {
            crowd.remove(0).close();
        }
        if (held != null) {
            byte[] late = held;
            held = null;
            pass(late, false);
        }
    }

    private void subscriber(Socket socket) throws IOException {
        send(socket, Transport.message("authenticate", "ivo://small.example/broker", "2026-01-01T00:00:00Z", ""));
        send(socket, Transport.message("iamalive", "ivo://small.example/broker", "2026-01-01T00:00:00Z", ""));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        greetings.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
        crowd.add(socket);
        while (true) {
            String message = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            if (message.contains("role=\"ack\"")) {
                acks.incrementAndGet();
            }
        }
    }

    private static void send(Socket socket, String message) throws IOException {
        socket.getOutputStream().write(Transport.frame(message.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        authors.close();
        subscribers.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
