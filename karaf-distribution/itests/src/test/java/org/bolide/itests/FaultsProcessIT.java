package org.bolide.itests;

import java.nio.file.Path;
import java.util.Map;

import org.bolide.benchmarks.faults.Faults;
import org.bolide.benchmarks.faults.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The faults of {@link Faults} in small: what each does and asserts stands there. */
class FaultsProcessIT {

    @TempDir
    Path directory;

    @Test
    void shouldKeepAndDeliverWhatWasAcknowledgedBeforeAKill() throws Exception {
        survives("kill");
    }

    @Test
    void shouldStartWithTheEndOfItsLogTorn() throws Exception {
        survives("torn");
    }

    @Test
    void shouldAcknowledgeNothingWhileTheDiskIsFullAndRecover() throws Exception {
        survives("disk-limit");
    }

    @Test
    void shouldSyncBeforeEachAcknowledgement() throws Exception {
        survives("sync");
    }

    @Test
    void shouldLoseNothingWhenPostgresqlIsRestarted() throws Exception {
        survives("postgresql");
    }

    @Test
    void shouldNotLetHandlersThatFailHangOrLeakDisturbOthers() throws Exception {
        survives("handlers");
    }

    @Test
    void shouldServeOthersAndCutThoseWhoAreSilentOrSlow() throws Exception {
        survives("half-open");
    }

    @Test
    void shouldNotMindAClockThatIsSetBack() throws Exception {
        survives("clock");
    }

    @Test
    void shouldRetryARemoteBrokerThatFlapsAndLeakNothing() throws Exception {
        survives("remote");
    }

    @Test
    void shouldLoseNothingBetweenTwoBrokersThatWereCutOff() throws Exception {
        survives("partition");
    }

    private void survives(String fault) throws Exception {
        long begun = System.nanoTime();
        Object figures = Faults.run(fault, new Setting(Product.HOME, directory, false, Map.of()));
        System.out.printf("%s, %d s: %s%n", fault, (System.nanoTime() - begun) / 1_000_000_000, figures);
    }
}
