package org.bolide.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;

/**
 * Events of VOEvent 2.0 to be timed one after the other: the real ones where the folder of real data is, else the sample
 * of the project. Real ones in an even choice of a few dozen, so that a processor's caches hold them as they hold an event
 * that has just come in.
 */
final class Samples {

    private static final int MOST = 64;
    private static final String V20 = "http://www.ivoa.net/xml/VOEvent/v2.0";

    private final List<ByteBuffer> events;
    private int next;

    private Samples(List<byte[]> events) {
        this.events = events.stream().map(ByteBuffer::wrap).toList();
    }

    static Samples ofV20() {
        List<byte[]> real = SharedData.events().stream()
                .filter(event -> event.real() && event.comet().equals("accept"))
                .map(RealEvent::content)
                .filter(content -> new String(content, StandardCharsets.ISO_8859_1).contains(V20))
                .toList();
        List<byte[]> all = real.isEmpty()
                ? List.of(SampleEvents.swift(), SampleEvents.fermi(), SampleEvents.utility(), SampleEvents.citing())
                : real;
        int step = Math.max(1, all.size() / MOST);
        List<byte[]> some = IntStream.iterate(0, at -> at < all.size(), at -> at + step).mapToObj(all::get).toList();
        System.out.printf("%d events, %d bytes in the mean%n", some.size(),
                some.stream().mapToInt(event -> event.length).sum() / some.size());
        return new Samples(some);
    }

    /** The same, said to be VOEvent 2.1, which has no schema. */
    Samples withoutSchema() {
        return new Samples(events.stream()
                .map(event -> new String(event.array(), StandardCharsets.ISO_8859_1).replace(V20, V20.replace("v2.0", "v2.1"))
                        .getBytes(StandardCharsets.ISO_8859_1))
                .toList());
    }

    ByteBuffer next() {
        next = next + 1 < events.size() ? next + 1 : 0;
        return events.get(next).asReadOnlyBuffer();
    }
}
