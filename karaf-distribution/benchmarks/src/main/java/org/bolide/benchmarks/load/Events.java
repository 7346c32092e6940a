package org.bolide.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The events of a run, ready to be sent: documents whose identifier has room for a {@link Mark}. Event number n is the
 * document n modulo their count with n in its mark, so nothing is made while the clock runs, and what a subscriber gets is
 * compared byte by byte with what was sent. Written by {@link #begin} only; read by every thread.
 */
final class Events {

    private static final Pattern IVORN = Pattern.compile("\\sivorn\\s*=\\s*([\"'])(.*?)\\1", Pattern.DOTALL);

    private final String description;
    private final List<byte[]> documents;
    private final byte[][] frames;
    private final int[] marks;
    private final byte[][] acks;
    private final int[] ackMarks;
    private final int longest;
    private volatile Mark mark = new Mark(0);

    /** Documents in an encoding in which ASCII is ASCII. */
    Events(String description, List<byte[]> originals) {
        this.description = description;
        this.documents = originals.stream().map(Events::withRoom).toList();
        int count = documents.size();
        frames = new byte[count][];
        marks = new int[count];
        acks = new byte[count][];
        ackMarks = new int[count];
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        int most = 0;
        for (int i = 0; i < count; i++) {
            byte[] document = documents.get(i);
            String text = new String(document, StandardCharsets.ISO_8859_1);
            String identifier = identifier(text);
            frames[i] = Transport.frame(document);
            marks[i] = 4 + text.indexOf("load-00000000-00000000");
            acks[i] = Transport.frame(Transport.message("ack", identifier, now, "").getBytes(StandardCharsets.ISO_8859_1));
            ackMarks[i] = new String(acks[i], StandardCharsets.ISO_8859_1).indexOf("load-00000000-00000000");
            most = Math.max(most, frames[i].length);
        }
        longest = most;
    }

    /** In one line for people: how many, and whose. */
    String description() {
        return description + ", mean %,.0f bytes".formatted(documents.stream().mapToInt(d -> d.length).average().orElse(0));
    }

    int documentOf(int number) {
        return number % frames.length;
    }

    int documents() {
        return frames.length;
    }

    byte[] document(int index) {
        return documents.get(index);
    }

    /** The longest event with its length before it, in bytes. */
    int longestFrame() {
        return longest;
    }

    Mark mark() {
        return mark;
    }

    /** Begins a run: from now on every event is another one. Nothing may be sent or received meanwhile. */
    void begin(int run) {
        Mark next = new Mark(run);
        for (int i = 0; i < frames.length; i++) {
            next.stamp(frames[i], marks[i]);
            next.stamp(acks[i], ackMarks[i]);
        }
        mark = next;
    }

    /** Appends an event with its length before it. */
    void write(int number, ByteBuffer out) {
        append(frames, marks, number, out);
    }

    /** The bytes that {@link #write} appends. */
    int frameLength(int number) {
        return frames[documentOf(number)].length;
    }

    /** Appends the subscriber's ack of an event. */
    void writeAck(int number, ByteBuffer out) {
        append(acks, ackMarks, number, out);
    }

    int ackLength(int number) {
        return acks[documentOf(number)].length;
    }

    /** A view of what was sent for one thread; it compares without making anything. */
    Comparison comparison() {
        return new Comparison();
    }

    private void append(byte[][] all, int[] places, int number, ByteBuffer out) {
        int index = documentOf(number);
        int at = out.position() + places[index];
        out.put(all[index]);
        Mark.number(out, at, number);
    }

    private static byte[] withRoom(byte[] document) {
        String text = new String(document, StandardCharsets.ISO_8859_1);
        Matcher matcher = IVORN.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("a document has no ivorn: " + text.substring(0, Math.min(200, text.length())));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(document.length + Mark.LENGTH + 1);
        out.write(document, 0, matcher.end(2));
        out.write(matcher.group(2).contains("#") ? '-' : '#');
        out.writeBytes(Mark.blank());
        out.write(document, matcher.end(2), document.length - matcher.end(2));
        return out.toByteArray();
    }

    private static String identifier(String text) {
        Matcher matcher = IVORN.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no ivorn in a document that had one");
        }
        return matcher.group(2);
    }

    /** Compares for one thread. */
    final class Comparison {

        private final ByteBuffer[] sent = new ByteBuffer[frames.length];

        private Comparison() {
            for (int i = 0; i < sent.length; i++) {
                sent[i] = ByteBuffer.wrap(frames[i]);
            }
        }

        /** Whether these bytes are the event of that number, but for the digits of the number itself. */
        boolean same(ByteBuffer received, int from, int length, int number) {
            int index = documentOf(number);
            ByteBuffer expected = sent[index];
            int numberFrom = marks[index] - 4 + Mark.LENGTH - 8;
            return length == expected.capacity() - 4
                    && same(received, from, expected, 0, numberFrom)
                    && same(received, from, expected, numberFrom + 8, length);
        }

        private boolean same(ByteBuffer received, int from, ByteBuffer expected, int start, int end) {
            received.limit(from + end).position(from + start);
            expected.limit(4 + end).position(4 + start);
            return received.mismatch(expected) < 0;
        }
    }
}
