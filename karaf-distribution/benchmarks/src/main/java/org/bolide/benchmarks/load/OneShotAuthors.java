package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.bolide.benchmarks.load.Ledger.End;

/** Authors as they are: connect, send one event, wait for the answer, close. */
final class OneShotAuthors extends Authors {

    private final Slot[] slots;
    private final Slot[] free;
    private final ByteBuffer out;
    private int frees;

    OneShotAuthors(AuthorPlan plan, Events events, Ledger ledger, Sockets sockets) throws IOException {
        super(plan, events, ledger, sockets);
        slots = new Slot[plan.connections()];
        free = new Slot[slots.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
            free[frees++] = slots[i];
        }
        out = ByteBuffer.allocateDirect(events.longestFrame());
    }

    /** One connection at a time, with one event. */
    private final class Slot implements Frames.Sink {
        private SocketChannel channel;
        private SelectionKey key;
        private Frames.Rest rest;
        private int number;
        private int sent;
        private long begun;

        private void start(int event, long planned) {
            number = event;
            sent = 0;
            rest = new Frames.Rest();
            begun = System.nanoTime();
            ledger.begun(number, planned == 0 ? begun : planned, begun, 0);
            try {
                channel = sockets.begin(0);
                boolean whole = channel.finishConnect() && send();
                key = channel.register(selector, whole ? SelectionKey.OP_READ
                        : channel.isConnected() ? SelectionKey.OP_WRITE | SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            } catch (IOException e) {
                fail(end(e), e);
            }
        }

        private boolean send() throws IOException {
            out.clear();
            events.write(number, out);
            out.flip().position(sent);
            channel.write(out);
            sent = out.position();
            return !out.hasRemaining();
        }

        private void ready() {
            try {
                if (!channel.isConnected() && !channel.finishConnect()) {
                    return;
                }
                if (sent < events.frameLength(number)) {
                    key.interestOps(send() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE | SelectionKey.OP_READ);
                }
                if (frames.read(channel, rest, this) == Frames.Read.END) {
                    fail(End.CLOSED, null);
                }
            } catch (IOException e) {
                fail(end(e), e);
            }
        }

        @Override
        public boolean message(ByteBuffer bytes, int from, int end) {
            Transport.Role role = Transport.role(bytes, from, end);
            if (role == Transport.Role.AUTHENTICATE || role == Transport.Role.IAMALIVE) {
                return true;
            }
            int mark = events.mark().find(bytes, from, end);
            boolean ours = mark >= 0 && Mark.numberAt(bytes, mark) == number;
            if (role == Transport.Role.ACK && ours) {
                over(End.ACKED);
            } else if (role == Transport.Role.NAK) {
                ledger.reason("refused: " + Transport.result(Transport.text(bytes, from, end)));
                over(End.REFUSED);
            } else {
                ledger.reason("a wrong answer: " + Transport.text(bytes, from, Math.min(end, from + 300)));
                over(End.WRONG_ANSWER);
            }
            return false;
        }

        private void fail(End end, IOException why) {
            if (why != null) {
                ledger.reason(why.toString());
            }
            over(end);
        }

        private void over(End end) {
            ledger.ended(number, end, System.nanoTime());
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException e) {
                    ledger.reason("on closing: " + e);
                }
                channel = null;
            }
            free[frees++] = this;
        }
    }

    @Override
    void begin() {
        // Each event opens a connection of its own.
    }

    @Override
    boolean start(int number, long planned) {
        if (frees == 0) {
            return false;
        }
        free[--frees].start(number, planned);
        return true;
    }

    @Override
    void sendBegun() {
        // Each was sent when it was begun.
    }

    @Override
    void ready(SelectionKey key) {
        Slot slot = (Slot) key.attachment();
        if (slot.channel == key.channel()) {
            slot.ready();
        }
    }

    @Override
    void endOverdue(long before, long now) {
        for (Slot slot : slots) {
            if (slot.channel != null && slot.begun < before) {
                slot.over(End.TIMED_OUT);
            }
        }
    }

    @Override
    boolean ended() {
        return false;
    }
}
