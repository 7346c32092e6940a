package org.bolide.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Deliveries;

/**
 * What a broadcaster remembers of the newest deliveries to all its subscribers: a ring of records, four words each, in pieces that are
 * made when they are first needed. Safe for any number of threads, none of which waits for another.
 *
 * <p>A delivery has a number, from 0 on; its record is where the number says, until the ring has gone round. The record's first word
 * tells in which round it was written, what the answer was and after how long, and is changed by compare-and-set only: so an answer that
 * comes late changes no other delivery's record, and who reads sees whether the record was written meanwhile. A writer that finds its
 * record in use, because it was held up while the ring went round, leaves it: that delivery is forgotten.
 */
final class DeliveryBook implements Deliveries {

    /** Some 4 MB. */
    private static final int ROOM = 1 << 17;
    private static final int PIECE = 1 << 13;

    private static final int STATE = 0;
    private static final int SEQUENCE = 1;
    private static final int SENT_AT = 2;
    private static final int RECEIVER = 3;
    private static final int WORDS = 4;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    // the first word: round, code, microseconds from sending to the answer
    private static final int ROUND_SHIFT = 41;
    private static final int CODE_SHIFT = 38;
    private static final long MAX_MICROS = (1L << CODE_SHIFT) - 1;
    private static final int CODE_MASK = (1 << ROUND_SHIFT - CODE_SHIFT) - 1;
    /** Being written. */
    private static final int BUSY = CODE_MASK;
    private static final Answer[] ANSWERS = {Answer.NONE, Answer.ACKNOWLEDGED, Answer.REFUSED, Answer.SETTLED};

    private final String component;
    private final int room;
    private final int piece;
    private final AtomicReferenceArray<long[]> pieces;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong lastReceiver = new AtomicLong();
    private final Map<Long, Receiver> receivers = new ConcurrentHashMap<>();
    private final Queue<Left> left = new ArrayDeque<>();
    private final Instant begin = Instant.now();
    /** When the last delivery was sent that found its record in use. */
    private volatile long lostAt = Long.MIN_VALUE;

    /** Who has left, and the number of the first delivery after that. */
    private record Left(long receiver, long number) {}

    /** A connection to which events are sent, as long as one of these is remembered. */
    static final class Receiver {

        private final long number;
        private volatile String name;

        private Receiver(long number, String name) {
            this.number = number;
            this.name = name;
        }

        /** It is called so, and always was. */
        void rename(String now) {
            name = now;
        }
    }

    DeliveryBook(String component) {
        this(component, ROOM, PIECE);
    }

    /**
     * @param room how many deliveries are remembered
     * @param piece how many get their memory at a time; both powers of two
     */
    DeliveryBook(String component, int room, int piece) {
        this.component = component;
        this.room = room;
        this.piece = piece;
        this.pieces = new AtomicReferenceArray<>(room / piece);
    }

    // ---- connections

    /** Events will be sent to this one. */
    Receiver enter(String name) {
        Receiver receiver = new Receiver(lastReceiver.incrementAndGet(), name);
        receivers.put(receiver.number, receiver);
        forget();
        return receiver;
    }

    /** Nothing is sent to it any more. */
    void leave(Receiver receiver) {
        synchronized (left) {
            left.add(new Left(receiver.number, next.get()));
        }
        forget();
    }

    /** Forgets those who have left and of whom the ring knows nothing any more. */
    private void forget() {
        long oldest = next.get() - room;
        synchronized (left) {
            while (!left.isEmpty() && left.peek().number <= oldest) {
                receivers.remove(left.remove().receiver);
            }
        }
    }

    /** How many connections are remembered, for tests. */
    int receivers() {
        return receivers.size();
    }

    // ---- events

    /**
     * Events are about to be sent.
     *
     * @return the number of the first of these deliveries; the others follow
     */
    long sent(List<BrokerEvent> events, Receiver receiver) {
        int count = events.size();
        long first = next.getAndAdd(count);
        Instant now = Instant.now();
        long micros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
        for (int i = 0; i < count; i++) {
            write(first + i, events.get(i).sequence(), micros, receiver.number);
        }
        return first;
    }

    private void write(long number, long sequence, long micros, long receiver) {
        long[] words = words(number);
        int at = at(number);
        long round = round(number);
        long state;
        do {
            state = (long) WORD.getOpaque(words, at + STATE);
            if (code(state) == BUSY || roundOf(state) - round >= 0) {
                lostAt = micros;
                return;
            }
        } while (!WORD.compareAndSet(words, at + STATE, state, round | (long) BUSY << CODE_SHIFT));
        WORD.setOpaque(words, at + SEQUENCE, sequence);
        WORD.setOpaque(words, at + SENT_AT, micros);
        WORD.setOpaque(words, at + RECEIVER, receiver);
        WORD.setRelease(words, at + STATE, round);
    }

    /**
     * An answer has come. Only the first one counts, and none where the delivery is forgotten.
     *
     * @param afterNanos since it was sent
     */
    void answered(long number, Answer answer, long afterNanos) {
        long micros = Math.max(0, Math.min(MAX_MICROS, TimeUnit.NANOSECONDS.toMicros(afterNanos)));
        long round = round(number);
        WORD.compareAndSet(words(number), at(number) + STATE, round, round | code(answer) << CODE_SHIFT | micros);
    }

    private static long code(Answer answer) {
        return switch (answer) {
            case ACKNOWLEDGED -> 1;
            case REFUSED -> 2;
            case SETTLED -> 3;
            case NONE, BURIED -> throw new IllegalArgumentException(answer + " is no answer of a subscriber");
        };
    }

    private long[] words(long number) {
        int index = (int) (number & room - 1) / piece;
        long[] words = pieces.getAcquire(index);
        return words == null ? make(index) : words;
    }

    private long[] make(int index) {
        long[] made = pieces.compareAndExchange(index, null, new long[piece * WORDS]);
        return made == null ? pieces.get(index) : made;
    }

    private int at(long number) {
        return (int) (number & piece - 1) * WORDS;
    }

    /** Which round of the ring, from 1 on, where the first word has it. */
    private long round(long number) {
        return number / room + 1 << ROUND_SHIFT;
    }

    private static long roundOf(long state) {
        return state & -1L << ROUND_SHIFT;
    }

    private static int code(long state) {
        return (int) (state >>> CODE_SHIFT) & CODE_MASK;
    }

    // ---- who reads

    @Override
    public List<Delivery> of(long sequence) {
        List<Delivery> found = new ArrayList<>();
        long end = next.get();
        for (long number = Math.max(0, end - room); number < end; number++) {
            long[] words = pieces.get((int) (number & room - 1) / piece);
            if (words != null && sequence(number, words) == sequence) {
                read(number, words, sequence).ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public Instant since() {
        Instant since = begin;
        long end = next.get();
        for (long number = end - room; number > 0 && number < end; number++) {
            long[] words = words(number);
            Optional<Delivery> oldest = read(number, words, sequence(number, words));
            if (oldest.isPresent()) {
                since = oldest.get().sentAt();
                break;
            }
        }
        long lost = lostAt;
        return lost == Long.MIN_VALUE || since.isAfter(time(lost)) ? since : time(lost);
    }

    private long sequence(long number, long[] words) {
        return (long) WORD.getOpaque(words, at(number) + SEQUENCE);
    }

    /** The delivery, unless it is another event's, or was forgotten meanwhile. */
    private Optional<Delivery> read(long number, long[] words, long sequence) {
        int at = at(number);
        long round = round(number);
        long before = (long) WORD.getAcquire(words, at + STATE);
        boolean same = sequence(number, words) == sequence;
        long sentAt = (long) WORD.getOpaque(words, at + SENT_AT);
        Receiver receiver = receivers.get((long) WORD.getOpaque(words, at + RECEIVER));
        VarHandle.acquireFence();
        long state = (long) WORD.getOpaque(words, at + STATE);
        if (roundOf(before) != round || code(before) == BUSY || roundOf(state) != round || !same || receiver == null) {
            return Optional.empty();
        }
        Answer answer = ANSWERS[code(state)];
        return Optional.of(new Delivery(component, receiver.name, time(sentAt), answer,
                answer == Answer.NONE ? Optional.empty() : Optional.of(time(sentAt + (state & MAX_MICROS)))));
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
