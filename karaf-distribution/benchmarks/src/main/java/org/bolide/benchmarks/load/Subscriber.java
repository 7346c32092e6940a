package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/** What one subscriber was sent. Its thread's, but for what is said to be read by others. */
final class Subscriber {

    /** How it behaves. */
    enum Kind {
        GOOD, NEVER_READS, NEVER_ACKS
    }

    /** How far it is. */
    enum State {
        NEW, CONNECTING, GREETED_BY_NOBODY, LIVE, DROPPED, FAILED
    }

    final int id;
    final Kind kind;
    /** Index of its filter; -1 for everything. */
    final int filter;
    final Frames.Rest rest = new Frames.Rest();
    final BitSet received = new BitSet();
    /** Events that it should get and has, each once; read by the thread that waits for the last one. */
    final AtomicInteger wanted = new AtomicInteger();
    volatile State state = State.NEW;
    SocketChannel channel;
    SelectionKey key;
    long begun;
    int repeated;
    int altered;
    int beyondFilter;
    int outOfOrder;
    int strange;
    int naks;
    int iamalives;
    private final int[] newest;
    private byte[] unsent = new byte[0];

    Subscriber(int id, Kind kind, int filter, int orderedConnections) {
        this.id = id;
        this.kind = kind;
        this.filter = filter;
        newest = new int[orderedConnections];
        Arrays.fill(newest, -1);
    }

    /** Whether it keeps to the protocol. */
    boolean good() {
        return kind == Kind.GOOD;
    }

    /** Notes the event of one author's connection: of each, the numbers only rise. */
    void order(int connection, int number) {
        if (connection < newest.length) {
            if (number < newest[connection]) {
                outOfOrder++;
            }
            newest[connection] = Math.max(newest[connection], number);
        }
    }

    /** Sends the answers that were collected, and keeps what the connection does not take. */
    void send(ByteBuffer answers) throws IOException {
        answers.flip();
        if (unsent.length > 0) {
            byte[] more = new byte[unsent.length + answers.remaining()];
            System.arraycopy(unsent, 0, more, 0, unsent.length);
            answers.get(more, unsent.length, answers.remaining());
            unsent = more;
            resume();
            return;
        }
        channel.write(answers);
        if (answers.hasRemaining()) {
            unsent = new byte[answers.remaining()];
            answers.get(unsent);
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** Sends what was kept. */
    void resume() throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(unsent);
        channel.write(rest);
        byte[] left = new byte[rest.remaining()];
        rest.get(left);
        unsent = left;
        key.interestOps(left.length == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    void close(State end) throws IOException {
        state = end;
        if (channel != null) {
            channel.close();
        }
    }
}
