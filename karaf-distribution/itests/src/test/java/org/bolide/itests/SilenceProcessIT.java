package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that stops, in the product: the alarm is raised, survives a restart, and ends. */
class SilenceProcessIT {

    private static final String SILENT = "WARN .*stream ivo://test.author/survey is silent";

    @TempDir
    Path directory;

    private static void submit(Broker broker, int number) throws IOException {
        RelayProcessIT.submit(broker.receivePort, SampleEvents.event("ivo://test.author/survey#" + number).bytes());
    }

    @Test
    void shouldTellThatAStreamHasStoppedAndComesAgain() throws Exception {
        try (Broker broker = new Broker(directory)) {
            Path etc = Files.createDirectories(broker.base.resolve("etc"));
            Files.writeString(etc.resolve("org.bolide.watch.cfg"), "minSilenceSeconds = 2\nlearnEvents = 5\nlearnHours = 0\nrhythmDays = 0\n");
            broker.startBoth();
            for (int i = 0; i < 8; i++) {
                submit(broker, i);
            }
            broker.awaitLog(SILENT);
            broker.terminate();
            broker.startBoth();
            submit(broker, 8);
            broker.awaitLog("INFO .*stream ivo://test.author/survey is heard again, after ");
        }
    }
}
