package org.bolide.launcher.sendvo;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends many events. A broker that takes a second event on a connection, as Bolide does, gets many on one, without waiting
 * for each answer; one that closes after the first answer, as VTP 2.0 has it, gets a connection for each.
 *
 * <p>Answers come in the order of the events, so each event is told of once. When a connection ends, the events without an
 * answer are sent again on the next one: a broker that has one of them already says so. An event is given up when it was
 * the first on its connection and got no answer, or when the time is out.
 */
final class Pipeline implements Closeable {

    /** What becomes of the events, in their order. */
    interface Outcome {

        void answered(Message message, Answer answer);

        void unanswered(Message message, IOException why);
    }

    /** So few that their answers fit into the system's buffers: neither side ever waits for the other to read. */
    private static final int WINDOW = 64;
    private static final int WINDOW_BYTES = 1 << 20;

    /** A broker that neither closes nor answers a second event is not waited for longer. */
    private static final int PROBE_MILLIS = 10_000;
    private static final int PROBES = 3;

    private final Author author;
    private final Outcome outcome;
    private final Deque<Message> pending = new ArrayDeque<>();
    private long pendingBytes;
    private Line line;
    /** Of the pending ones, how many were sent on this connection. */
    private int sent;
    private int answeredHere;
    private boolean keeps;
    private int failedProbes;

    Pipeline(Author author, Outcome outcome) {
        this.author = author;
        this.outcome = outcome;
    }

    /**
     * Sends an event; its outcome may come later.
     *
     * @throws Author.Unreachable if the broker is not there; {@link #pending} events are without an answer
     */
    void send(Message message) throws Author.Unreachable {
        pending.add(message);
        pendingBytes += message.bytes().length;
        if (failedProbes >= PROBES) {
            sendAlone();
        } else if (!keeps) {
            settle(0);
        } else if (pending.size() >= WINDOW || pendingBytes > WINDOW_BYTES) {
            settle(WINDOW / 2);
        }
    }

    /** Waits until all have their outcome. */
    void finish() throws Author.Unreachable {
        settle(0);
    }

    /** Events that were given to this and have no outcome yet. */
    int pending() {
        return pending.size();
    }

    private void sendAlone() throws Author.Unreachable {
        Message message = pending.element();
        try {
            Answer answer = author.send(message.bytes());
            outcome.answered(remove(), answer);
        } catch (Author.Unreachable e) {
            throw e;
        } catch (IOException e) {
            outcome.unanswered(remove(), e);
        }
    }

    private void settle(int most) throws Author.Unreachable {
        while (pending.size() > most) {
            if (failedProbes >= PROBES) {
                sendAlone();
                continue;
            }
            boolean isProbe = !keeps && answeredHere > 0;
            try {
                if (line == null) {
                    line = author.connect();
                }
                line.setTimeout(isProbe ? Math.min(PROBE_MILLIS, author.timeoutMillis()) : author.timeoutMillis());
                write();
                Answer answer = line.read();
                answeredHere++;
                keeps |= isProbe;
                sent--;
                outcome.answered(remove(), answer);
            } catch (Author.Unreachable e) {
                throw e;
            } catch (IOException e) {
                boolean isFirst = answeredHere == 0;
                close(e);
                if (isProbe) {
                    failedProbes++;
                } else if (isFirst || e instanceof SocketTimeoutException) {
                    outcome.unanswered(remove(), author.explained(e));
                }
            }
        }
    }

    private void write() throws IOException {
        boolean awaitsNothing = sent == 0 && answeredHere > 0;
        try {
            int number = 0;
            for (Message message : pending) {
                if (number++ >= sent) {
                    line.write(message.bytes());
                }
            }
            line.flush();
        } catch (IOException e) {
            if (awaitsNothing) {
                throw e;
            }
            // A broker that refuses has answered before it closed.
        }
        sent = pending.size();
    }

    private Message remove() {
        Message message = pending.remove();
        pendingBytes -= message.bytes().length;
        return message;
    }

    private void close(IOException cause) {
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        Line open = line;
        line = null;
        sent = 0;
        answeredHere = 0;
        if (open != null) {
            open.close();
        }
    }
}
