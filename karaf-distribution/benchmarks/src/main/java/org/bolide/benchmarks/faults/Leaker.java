package org.bolide.benchmarks.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;

/** A handler that keeps some memory for every event, in a static field and in the threads that call it, up to what its configuration says. */
public final class Leaker implements BrokerEventHandler {
    private static final List<byte[]> HELD = new ArrayList<>();
    private static final ThreadLocal<List<byte[]>> HELD_BY_THREAD = ThreadLocal.withInitial(ArrayList::new);
    private static final int PIECE = 256 << 10;
    private int pieces;

    /** Called by the component runtime. */
    public void activate(Map<String, Object> configuration) {
        pieces = (int) (((Number) configuration.get("megabytes")).longValue() * (1 << 20) / PIECE);
    }

    @Override
    public Outcome handle(BrokerEvent event) {
        if (HELD.size() + HELD_BY_THREAD.get().size() < pieces) {
            (event.sequence() % 2 == 0 ? HELD : HELD_BY_THREAD.get()).add(new byte[PIECE]);
        }
        return Outcome.DONE;
    }
}
