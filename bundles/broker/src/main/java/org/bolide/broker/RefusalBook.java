package org.bolide.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.bolide.api.management.Refusals.Refusal;

/** The newest refusals; what strangers wrote is cut, so that they take little memory. Safe for any number of threads. */
final class RefusalBook {

    static final int MOST = 500;
    private static final int REASON = 1000;
    private static final int NAME = 300;

    private final Deque<Refusal> newestFirst = new ArrayDeque<>();

    void add(Refusal refusal) {
        Refusal kept = new Refusal(refusal.at(), Text.cut(refusal.source(), NAME), refusal.identifier().map(text -> Text.cut(text, NAME)), refusal.bytes(),
                refusal.kind(), Text.cut(refusal.reason(), REASON));
        synchronized (newestFirst) {
            newestFirst.addFirst(kept);
            if (newestFirst.size() > MOST) {
                newestFirst.removeLast();
            }
        }
    }

    List<Refusal> newest(int max) {
        synchronized (newestFirst) {
            return newestFirst.stream().limit(max).toList();
        }
    }
}
