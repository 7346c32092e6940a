package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.bolide.benchmarks.load.Ledger.End;

/** Authors that keep their connection and send further events before the earlier ones are answered. */
final class KeptAuthors extends Authors {

    private final Connection[] connections;
    private int open;

    KeptAuthors(AuthorPlan plan, Events events, Ledger ledger, Sockets sockets) throws IOException {
        super(plan, events, ledger, sockets);
        connections = new Connection[plan.connections()];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new Connection(i);
        }
        open = connections.length;
    }

    private final class Connection implements Frames.Sink {
        private final int id;
        private final ByteBuffer out = ByteBuffer.allocateDirect(plan.window() * events.longestFrame());
        private final int[] unanswered = new int[plan.window()];
        private final Frames.Rest rest = new Frames.Rest();
        private SocketChannel channel;
        private SelectionKey key;
        private int count;
        private long progress;

        private Connection(int id) {
            this.id = id;
        }

        private void begin() throws IOException {
            progress = System.nanoTime();
            channel = sockets.begin(0);
            boolean connected = channel.finishConnect();
            key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        }

        private boolean take(int number, long planned) {
            if (channel == null || count == unanswered.length || !channel.isConnected()
                    || out.remaining() < events.longestFrame()) {
                return false;
            }
            long now = System.nanoTime();
            if (count == 0) {
                progress = now;
            }
            unanswered[count++] = number;
            ledger.begun(number, planned == 0 ? now : planned, now, id);
            events.write(number, out);
            return true;
        }

        private void flush() {
            if (channel == null || out.position() == 0 || !channel.isConnected()) {
                return;
            }
            try {
                out.flip();
                channel.write(out);
                out.compact();
                key.interestOps(out.position() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            } catch (IOException e) {
                out.clear();
                fail(end(e), e.toString());
            }
        }

        private void ready() {
            try {
                if (!channel.isConnected()) {
                    if (channel.finishConnect()) {
                        key.interestOps(SelectionKey.OP_READ);
                    }
                    return;
                }
                switch (frames.read(channel, rest, this)) {
                    case END -> fail(End.CLOSED, "a kept connection was closed by the broker");
                    case STOPPED -> fail(End.WRONG_ANSWER, "an answer of impossible length");
                    case SOME -> flush();
                }
            } catch (IOException e) {
                fail(end(e), e.toString());
            }
        }

        @Override
        public boolean message(ByteBuffer bytes, int from, int end) {
            Transport.Role role = Transport.role(bytes, from, end);
            int mark = events.mark().find(bytes, from, end);
            int number = mark < 0 ? -1 : Mark.numberAt(bytes, mark);
            int place = 0;
            while (place < count && unanswered[place] != number) {
                place++;
            }
            if (place == count) {
                ledger.reason("an answer to no event that waits for one: "
                        + Transport.text(bytes, from, Math.min(end, from + 300)));
                return true;
            }
            count--;
            System.arraycopy(unanswered, place + 1, unanswered, place, count - place);
            progress = System.nanoTime();
            if (role == Transport.Role.NAK) {
                ledger.reason("refused: " + Transport.result(Transport.text(bytes, from, end)));
            }
            ledger.ended(number, role == Transport.Role.ACK ? End.ACKED
                    : role == Transport.Role.NAK ? End.REFUSED : End.WRONG_ANSWER, progress);
            return true;
        }

        private void fail(End end, String why) {
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                ledger.ended(unanswered[i], end, now);
            }
            count = 0;
            if (channel == null) {
                return;
            }
            ledger.reason(why);
            open--;
            try {
                channel.close();
            } catch (IOException e) {
                ledger.reason("on closing: " + e);
            }
            channel = null;
        }
    }

    @Override
    void begin() throws IOException {
        for (Connection connection : connections) {
            connection.begin();
        }
    }

    @Override
    boolean start(int number, long planned) {
        for (int i = 0; i < connections.length; i++) {
            // Event after event on another connection as long as all keep up.
            Connection connection = connections[(number + i) % connections.length];
            if (connection.take(number, planned)) {
                return true;
            }
        }
        return false;
    }

    @Override
    void sendBegun() {
        for (Connection connection : connections) {
            connection.flush();
        }
    }

    @Override
    void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        if (connection.channel != null) {
            connection.ready();
        }
    }

    @Override
    void endOverdue(long before, long now) {
        for (Connection connection : connections) {
            if (connection.channel != null && connection.count > 0 && connection.progress < before) {
                connection.fail(End.TIMED_OUT, "a kept connection was without an answer for " + plan.timeout());
            }
        }
    }

    @Override
    boolean ended() {
        return open == 0;
    }
}
