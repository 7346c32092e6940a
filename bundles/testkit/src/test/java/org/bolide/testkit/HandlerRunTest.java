package org.bolide.testkit;

import java.io.IOException;
import java.util.List;

import org.bolide.api.Outcome;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class HandlerRunTest {

    private boolean mended;
    private final RecordingHandler handler = RecordingHandler.behaving(event -> switch ((int) event.sequence()) {
        case 1 -> Outcome.DONE;
        case 2 -> Outcome.DISCARD;
        case 3 -> mended ? Outcome.DONE : Outcome.RETRY;
        default -> {
            if (!mended) {
                throw new IOException("not yet");
            }
            yield Outcome.DONE;
        }
    });
    private final HandlerRun run = new HandlerRun(handler);

    @Test
    void shouldKeepWhatBecameOfEachEvent() throws Exception {
        run.give(SampleEvents.swift(), SampleEvents.fermi(), SampleEvents.test(), SampleEvents.utility());

        assertEquals(List.of(1L), run.done());
        assertEquals(List.of(2L), run.discarded());
        assertEquals(List.of(3L, 4L), run.failed());
        assertEquals("not yet", run.lastFailure().orElseThrow().getMessage());
        assertEquals("ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_700101-352",
                handler.calls().get(0).header().identifier().orElseThrow());

        mended = true;
        run.again();
        assertEquals(List.of(1L, 3L, 4L), run.done());
        assertEquals(List.of(), run.failed());
        assertEquals(List.of(1L, 2L, 3L, 4L, 3L, 4L), handler.sequences());
    }

    @Test
    void shouldTellWhoInterruptsFromWhatFails() {
        HandlerRun interrupted = new HandlerRun(event -> {
            throw new InterruptedException();
        });

        assertThrows(InterruptedException.class, () -> interrupted.give(SampleEvents.swift()));
    }

    @Test
    void shouldTakeNoBrokenEvent() {
        assertThrows(IllegalArgumentException.class, () -> run.give("<VOEvent>".getBytes()));
    }
}
