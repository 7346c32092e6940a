package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import org.bolide.testkit.VtpPeer;

/** A remote broker of which nothing good comes, in a different way on each connection; then one that works. */
final class UnreliableRemote implements AutoCloseable {
    private static final String GREETING = VtpPeer.transport("authenticate", "ivo://test.remote/broker", "");

    private final ServerSocket server;
    private final int flaps;
    private final byte[] event;
    private final Random random = new Random();
    private final List<Long> connectedAt = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile String receipt = "";
    private volatile Socket open;

    /** @param event what it sends when it works */
    UnreliableRemote(int port, int flaps, byte[] event) throws IOException {
        this.flaps = flaps;
        this.event = event;
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        thread = new Thread(this::serve, "unreliable-remote");
        thread.start();
    }

    /** When each connection came. */
    List<Long> connectedAt() {
        return List.copyOf(connectedAt);
    }

    /** What it was answered to its event. */
    String receipt() {
        return receipt;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept(); VtpPeer peer = new VtpPeer(socket)) {
                open = socket;
                connectedAt.add(System.nanoTime());
                int number = connectedAt.size() - 1;
                if (number < flaps) {
                    misbehave(peer, number);
                } else {
                    work(peer);
                }
            } catch (IOException ended) {
                continue; // the broker has ended the connection, which is its right, or we are closed
            }
        }
    }

    private void misbehave(VtpPeer peer, int number) throws IOException {
        switch (number % 7) {
            case 0 -> { } // accepts and drops
            case 1 -> peer.sendRaw(noise(1 << 16));
            case 2 -> {
                peer.send(GREETING);
                byte[] frame = VtpPeer.frame(event);
                peer.sendRaw(Arrays.copyOf(frame, frame.length / 2));
            }
            case 3 -> peer.sendRaw(new byte[] {0x7f, -1, -1, -1, '<'});
            case 4 -> peer.send(GREETING).send("<Transport role=\"iamalive\"").send("<?xml version='1.0'?><html/>").send(new byte[0]);
            case 5 -> peer.send(GREETING);
            default -> peer.sendRaw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void work(VtpPeer peer) throws IOException {
        peer.send(GREETING).send(event);
        String answer = peer.readText();
        while (!answer.contains("role=\"ack\"")) {
            answer = peer.readText();
        }
        receipt = answer;
        peer.closes(); // until the broker, or we, end it
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (open != null) {
            open.close();
        }
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
