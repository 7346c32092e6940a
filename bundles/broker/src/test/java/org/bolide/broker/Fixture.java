package org.bolide.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.api.Vocabulary;
import org.bolide.testkit.InMemoryEventStore;

/** A broker without OSGi around it, on a store that outlives it, for documents such as {@code <e id="1"/>}. */
final class Fixture implements AutoCloseable {

    /** {@code <e id="…" fault="…"/>}: what stands in {@code fault} is one. Its text {@code bad} is not well-formed. */
    static final Vocabulary LETTERS = new Vocabulary() {

        private static final Pattern ATTRIBUTE = Pattern.compile("(id|fault)=\"([^\"]*)\"");

        @Override
        public Reading read(ByteBuffer content) throws MalformedEventException {
            String text = StandardCharsets.UTF_8.decode(content.duplicate()).toString();
            if (text.contains(">bad<")) {
                throw new MalformedEventException("bad at line 1");
            }
            Optional<String> id = Optional.empty();
            List<String> faults = new ArrayList<>();
            for (Matcher m = ATTRIBUTE.matcher(text); m.find(); ) {
                if (m.group(1).equals("id")) {
                    id = Optional.of(m.group(2));
                } else {
                    faults.add(m.group(2));
                }
            }
            return new Reading(new EventHeader(new QName("e"), id, Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.empty(), List.of()), faults);
        }
    };

    final InMemoryEventStore store;
    final DurableLog log;
    final Vocabularies vocabularies;
    final Intake intake;

    Fixture(InMemoryEventStore store) {
        this(store, 2048, 10_000);
    }

    Fixture(InMemoryEventStore store, int memoryEvents, int maxWaitingEvents) {
        this(store, memoryEvents, maxWaitingEvents, new Pace(Duration.ofSeconds(2)), Duration.ofSeconds(15), Clock.systemUTC());
    }

    Fixture(InMemoryEventStore store, int memoryEvents, int maxWaitingEvents, Pace pace, Duration maxWait, Clock clock) {
        try {
            this.store = store;
            log = new DurableLog(store, memoryEvents, 1 << 20, pace, maxWait, clock);
            vocabularies = new Vocabularies();
            intake = new Intake(log, vocabularies, maxWaitingEvents, 64 << 20, clock);
            vocabularies.bindVocabulary(LETTERS, Map.of("service.id", 1L, Vocabulary.ROOTS, new String[] {"{}e"}));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static String document(int number) {
        return "<e id=\"" + number + "\"/>";
    }

    static Submission fromAuthor(String document) {
        return Submission.fromAuthor(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)), "a test");
    }

    Receipt submit(String document) {
        return submit(fromAuthor(document));
    }

    Receipt submit(Submission submission) {
        return intake.submit(submission).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    void submitNumbers(int from, int to) {
        for (int i = from; i <= to; i++) {
            submit(document(i));
        }
    }

    static List<String> ids(List<BrokerEvent> events) {
        return events.stream().map(event -> event.header().identifier().orElseThrow()).toList();
    }

    @Override
    public void close() {
        try {
            intake.stop();
            log.stop();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
