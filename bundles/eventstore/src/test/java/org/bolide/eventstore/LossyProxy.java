package org.bolide.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands between a broker and its database, and loses the answer to a COMMIT when it is told to. */
final class LossyProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int serverPort;
    private volatile String marker;
    private volatile boolean lost;

    LossyProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        start("proxy-accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /**
     * The transaction in which this text is sent will be committed, the answer to that will not come back, and the connection
     * will end.
     */
    void loseCommitOf(String text) {
        marker = text;
    }

    /** Whether that has happened: the server has said that it committed. */
    boolean hasLost() {
        return lost;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(client);
            sockets.add(server);
            AtomicBoolean marked = new AtomicBoolean();
            start("proxy-to-server", () -> toServer(client, server, marked));
            start("proxy-to-client", () -> toClient(server, client, marked));
        }
    }

    private void toServer(Socket client, Socket server, AtomicBoolean marked) throws IOException {
        try (client; server) {
            byte[] buffer = new byte[65_536];
            for (int n = client.getInputStream().read(buffer); n >= 0; n = client.getInputStream().read(buffer)) {
                if (marker != null && text(buffer, n).contains(marker)) {
                    marker = null;
                    marked.set(true);
                }
                server.getOutputStream().write(buffer, 0, n);
            }
        }
    }

    private void toClient(Socket server, Socket client, AtomicBoolean marked) throws IOException {
        try (client; server) {
            byte[] buffer = new byte[65_536];
            for (int n = server.getInputStream().read(buffer); n >= 0; n = server.getInputStream().read(buffer)) {
                // the tag of a CommandComplete message
                if (marked.get() && text(buffer, n).contains("COMMIT\0")) {
                    lost = true;
                    return;
                }
                client.getOutputStream().write(buffer, 0, n);
            }
        }
    }

    private static String text(byte[] buffer, int length) {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (SocketException e) {
                // one end has closed, which ends the other
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
