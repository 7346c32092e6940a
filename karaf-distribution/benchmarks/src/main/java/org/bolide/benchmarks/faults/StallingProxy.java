package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A network between two brokers that can be partitioned: nothing passes in either direction, nothing is refused, and nobody is told. */
final class StallingProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new ArrayList<>();
    private boolean stalled;
    private boolean closed;

    /** @param target the port of this machine behind it */
    StallingProxy(int target) throws IOException {
        this.target = target;
        new Thread(this::accept, "proxy-accept").start();
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized void stall() {
        stalled = true;
    }

    synchronized void heal() {
        stalled = false;
        notifyAll();
    }

    private synchronized boolean pass() throws InterruptedException {
        while (stalled && !closed) {
            wait();
        }
        return !closed;
    }

    private void accept() {
        try {
            while (true) {
                Socket inner = server.accept();
                keep(inner);
                // Its first packet is as lost as any other.
                if (!pass()) {
                    return;
                }
                Socket outer = new Socket(InetAddress.getLoopbackAddress(), target);
                keep(outer);
                new Thread(() -> pump(inner, outer), "proxy-up").start();
                new Thread(() -> pump(outer, inner), "proxy-down").start();
            }
        } catch (IOException ended) {
            close(); // closed, or a broker has gone: the test is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void keep(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        if (closed) {
            socket.close();
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 14];
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0 && pass(); length = in.read(buffer)) {
                out.write(buffer, 0, length);
            }
            pass(); // that one end has closed does not pass either
        } catch (IOException reset) {
            return; // one end is gone; the other is closed by now
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
