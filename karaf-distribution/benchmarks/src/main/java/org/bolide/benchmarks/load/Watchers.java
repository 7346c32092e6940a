package org.bolide.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Browsers that watch the page, as far as the broker can tell: each keeps a connection on which it is told of every event
 * (server-sent events). All on one thread that reads, counts the events, and makes nothing.
 */
final class Watchers implements Closeable {

    private static final byte[] EVENT = "\"sequence\":".getBytes(StandardCharsets.US_ASCII);
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 250;
    private static final int BUFFER = 256 << 10;

    private final InetSocketAddress server;
    private final Selector selector = Selector.open();
    private final List<Watcher> watchers = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final CountDownLatch greeted;
    private final Thread thread = new Thread(this::serve, "load-watchers");
    private volatile boolean closed;
    private volatile IOException failure;

    /** One connection. Its counters are read by others once nothing comes any more. */
    private static final class Watcher {

        private final SocketChannel channel;
        private final StringBuilder head = new StringBuilder();
        private boolean isGreeted;
        private boolean isInSize;
        private long chunk;
        private int matched;
        private volatile long events;
        private volatile long bytes;

        Watcher(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Connects so many and waits until each has the head of its answer. */
    Watchers(String host, int port, int count) throws IOException, InterruptedException {
        server = new InetSocketAddress(host, port);
        greeted = new CountDownLatch(count);
        try {
            for (int i = 0; i < count; i++) {
                connect();
            }
            thread.start();
            long begun = System.nanoTime();
            while (!greeted.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (failure != null || System.nanoTime() - begun > CONNECT.toNanos()) {
                    throw new IOException(greeted.getCount() + " of " + count + " watchers have no answer" + (failure == null ? "" : ": " + failure.getMessage()), failure);
                }
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.write(ByteBuffer.wrap(("GET /api/v1/watch HTTP/1.1\r\nHost: " + server.getHostString() + ":" + server.getPort()
                + "\r\nAccept: text/event-stream\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        Watcher watcher = new Watcher(channel);
        watchers.add(watcher);
        channel.register(selector, SelectionKey.OP_READ, watcher);
    }

    private void serve() {
        try {
            while (!closed) {
                selector.select(this::read);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void read(SelectionKey key) {
        Watcher watcher = (Watcher) key.attachment();
        try {
            buffer.clear();
            int count = watcher.channel.read(buffer);
            if (count < 0) {
                throw new IOException("the broker closed the connection of a watcher; it began with " + watcher.head);
            }
            buffer.flip();
            watcher.bytes += count;
            if (!watcher.isGreeted) {
                greet(watcher);
            }
            count(watcher);
        } catch (IOException e) {
            key.cancel();
            failure = e;
        }
    }

    private void greet(Watcher watcher) throws IOException {
        while (!watcher.isGreeted && buffer.hasRemaining()) {
            watcher.head.append((char) buffer.get());
            watcher.isGreeted = watcher.head.length() >= 4 && watcher.head.lastIndexOf("\r\n\r\n") == watcher.head.length() - 4;
        }
        if (watcher.isGreeted) {
            if (!watcher.head.toString().matches("(?s)HTTP/1\\.\\d 200 .*")) {
                throw new IOException("the broker answered a watcher " + watcher.head);
            }
            if (!watcher.head.toString().toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
                throw new IOException("a watcher counts what comes in chunks, not " + watcher.head);
            }
            watcher.isInSize = true;
            greeted.countDown();
        }
    }

    private void count(Watcher watcher) throws IOException {
        long found = 0;
        int matched = watcher.matched;
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (watcher.isInSize) {
                size(watcher, next);
                continue;
            }
            if (next == EVENT[matched]) {
                if (++matched == EVENT.length) {
                    found++;
                    matched = 0;
                }
            } else {
                matched = next == EVENT[0] ? 1 : 0;
            }
            if (--watcher.chunk == 0) {
                watcher.isInSize = true;
            }
        }
        watcher.matched = matched;
        watcher.events += found;
    }

    /** The line with a chunk's length, after the end of the line of the chunk before it (RFC 9112, section 7.1). */
    private static void size(Watcher watcher, byte next) throws IOException {
        int digit = Character.digit(next, 16);
        if (digit >= 0) {
            watcher.chunk = watcher.chunk * 16 + digit;
        } else if (next == '\n' && watcher.chunk > 0) {
            watcher.isInSize = false;
        } else if (next != '\r' && next != '\n') {
            throw new IOException("a chunk of an answer has no length but " + (char) next);
        }
    }

    /** Waits until each has been told of so many events since it connected, or nothing more comes for a while. */
    void drain(long events, Duration silence) throws IOException, InterruptedException {
        long before = -1;
        long changed = System.nanoTime();
        while (watchers.stream().anyMatch(watcher -> watcher.events < events) && System.nanoTime() - changed < silence.toNanos()) {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            long now = bytes();
            if (now != before) {
                before = now;
                changed = System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** How many events all have been told of together that are not so many: 0 if each was told of each once. */
    long missingOrRepeated(long events) {
        return watchers.stream().mapToLong(watcher -> Math.abs(watcher.events - events)).sum();
    }

    long bytes() {
        return watchers.stream().mapToLong(watcher -> watcher.bytes).sum();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (Watcher watcher : watchers) {
            watcher.channel.close();
        }
        selector.close();
    }
}
