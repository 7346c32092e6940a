package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.bolide.testkit.VtpPeer;

/** Connections of people who want nothing good, from many addresses of this machine; one thread serves them all and sees when the broker cuts them. */
final class Strangers implements AutoCloseable {
    private static final int ADDRESSES = 200;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int TICK_MILLIS = 50;

    /** How one behaves. */
    enum Manner {
        /** Connects and says nothing. */
        MUTE,
        /** Sends half of a length. */
        HALF_LENGTH,
        /** Sends half of an event. */
        HALF_EVENT,
        /** Sends an event, a byte a second. */
        DRIP
    }

    private static final class Stranger {
        private final Manner manner;
        private final ByteBuffer left;
        private final long connectedAt = System.nanoTime();

        private Stranger(Manner manner, byte[] frame) {
            this.manner = manner;
            left = ByteBuffer.wrap(frame);
        }
    }

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final List<Long> lives = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::serve, "strangers");
    private volatile boolean closed;

    Strangers() throws IOException { }

    /** Connects so many, of the given manners in turn. */
    Strangers connect(int port, int count, Manner... manners) throws IOException {
        byte[] frame = VtpPeer.frame(Authors.sample("stranger", port).content());
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.bind(new InetSocketAddress("127.0.1." + (1 + i % ADDRESSES), 0));
            channel.connect(new InetSocketAddress("127.0.0.1", port));
            Stranger stranger = new Stranger(manners[i % manners.length], frame);
            switch (stranger.manner) {
                case HALF_LENGTH -> send(channel, stranger, 2);
                case HALF_EVENT -> send(channel, stranger, frame.length / 2);
                default -> { }
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, stranger);
            channels.add(channel);
        }
        return this;
    }

    /** Begins to drip and to look who is cut. */
    Strangers start() {
        thread.start();
        return this;
    }

    int cut() {
        return lives.size();
    }

    /** How long those lived that were cut. */
    Times lives() {
        return Times.of(lives);
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    private static void send(SocketChannel channel, Stranger stranger, int bytes) throws IOException {
        ByteBuffer part = stranger.left.slice(stranger.left.position(), Math.min(bytes, stranger.left.remaining()));
        stranger.left.position(stranger.left.position() + channel.write(part));
    }

    private void serve() {
        long nextDrip = System.nanoTime();
        try {
            while (!closed) {
                selector.select(TICK_MILLIS);
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
                if (System.nanoTime() >= nextDrip) {
                    nextDrip += SECOND;
                    for (SelectionKey key : List.copyOf(selector.keys())) {
                        drip(key);
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e);
        }
    }

    private void read(SelectionKey key) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                ended(key);
            }
        } catch (IOException reset) {
            ended(key);
        }
    }

    private void drip(SelectionKey key) throws IOException {
        Stranger stranger = (Stranger) key.attachment();
        if (stranger.manner == Manner.DRIP && key.isValid()) {
            try {
                send((SocketChannel) key.channel(), stranger, 1);
            } catch (IOException reset) {
                ended(key);
            }
        }
    }

    private void ended(SelectionKey key) throws IOException {
        lives.add(System.nanoTime() - ((Stranger) key.attachment()).connectedAt);
        key.cancel();
        key.channel().close();
    }

    @Override
    public void close() {
        closed = true;
        try {
            selector.wakeup();
            thread.join(TimeUnit.SECONDS.toMillis(10));
            for (SocketChannel channel : channels) {
                channel.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
