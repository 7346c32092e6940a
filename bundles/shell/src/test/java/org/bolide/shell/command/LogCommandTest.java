package org.bolide.shell.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.google.gson.JsonParser;
import org.bolide.api.management.LogMaintenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogCommandTest {

    @TempDir
    Path directory;

    private final Log log = new Log();
    private final TestServices services = new TestServices().with(log);

    @Test
    void shouldTellWhatTheLogHolds() throws Exception {
        TestCaller caller = new TestCaller(directory);
        assertEquals(0, caller.type(services, "log"));
        assertEquals("""
                Place    SQLite, /var/lib/bolide/eventlog
                Events   14,190 of 20,000 ever received
                Oldest   number 5811, received on 2026-03-20 at 12:00:00 UTC
                Newest   number 20000, received on 2026-04-20 at 12:00:00 UTC
                Content  55 MB
                On disk  71 MB, of which "log compact" gives 3.4 MB back
                """, caller.said());
        log.clean = false;
        caller.type(services, "log");
        assertTrue(caller.said().endsWith("""
                The broker before this one did not stop in good order. The newest events were checked at the start;
                "log check" looks at all.
                """), caller.said());
    }

    @Test
    void shouldTellWhatIsDamaged() throws Exception {
        TestCaller caller = new TestCaller(directory);
        assertEquals(0, caller.type(services, "log", "check"));
        assertEquals("The log is in order: 3 events checked.\n", caller.said());
        log.findings = new LogMaintenance.LogFindings(3, 2, List.of("Event 2 is\u001b[2J not what was received."));
        caller = new TestCaller(directory);
        assertEquals(1, caller.type(services, "log", "check"));
        assertEquals("""
                Event 2 is\ufffd[2J not what was received.
                and 1 more. 2 faults at 3 events.
                Stop the broker, move the log away and restore a backup, or begin a new log.
                """, caller.said());
        caller = new TestCaller(directory);
        assertEquals(1, caller.type(services, "log", "check", "--json"));
        assertEquals(2, JsonParser.parseString(caller.said()).getAsJsonObject().get("damaged").getAsInt());
    }

    @Test
    void shouldWriteTheBackupWhereTheCallerIs() throws Exception {
        TestCaller caller = new TestCaller(directory);
        caller.terminal = true;
        assertEquals(0, caller.type(services, "log", "backup", "copy.sqlite"));
        assertEquals("backup " + directory.resolve("copy.sqlite"), log.asked);
        assertEquals("The log is in " + directory.resolve("copy.sqlite") + ", 71 MB.\n", caller.said());
        log.broken = new IOException("x is there already: give another name, or move it away.");
        Refusal refusal = assertThrows(Refusal.class, () -> caller.type(services, "log", "backup", "copy.sqlite"));
        assertEquals("x is there already: give another name, or move it away.", refusal.getMessage());
    }

    @Test
    void shouldTakeThePasswordFromTheEnvironmentOrAskForIt() throws Exception {
        TestCaller caller = new TestCaller(directory);
        caller.variables.put("BOLIDE_DATABASE_PASSWORD", "secret");
        assertEquals(0, caller.type(services, "log", "migrate", "--to=jdbc:postgresql://h/d", "--user=u"));
        assertEquals("migrate jdbc:postgresql://h/d u secret", log.asked);
        assertEquals("", caller.asked);
        assertTrue(caller.said().startsWith("""
                Copied 20 events. The database holds 1,020 events, up to the number 1100.
                3 events came meanwhile.
                """), caller.said());
        caller.variables.clear();
        caller.password = Optional.of("typed");
        caller.type(services, "log", "migrate", "--to=jdbc:postgresql://h/d", "--user=u");
        assertEquals("Password of u: ", caller.asked);
        assertEquals("migrate jdbc:postgresql://h/d u typed", log.asked);
        caller.password = Optional.empty();
        caller.type(services, "log", "migrate", "--to=jdbc:postgresql://h/d", "--user=u");
        assertEquals("migrate jdbc:postgresql://h/d u ", log.asked);
    }

    @Test
    void shouldDrawProgressOnATerminalAndTakeItAway() throws Exception {
        TestCaller caller = new TestCaller(directory);
        caller.terminal = true;
        log.slow = true;
        assertEquals(0, caller.type(services, "log", "compact"));
        assertEquals("\r\u001b[K[###############---------------]  50 %\r\u001b[K", caller.remarked());
        assertEquals("The log takes 3.4 MB less.\n", caller.said());
        caller = new TestCaller(directory);
        caller.type(services, "log", "compact");
        assertEquals("", caller.remarked());
    }

    /** Answers what a test says, and remembers what it was asked. */
    private static final class Log implements LogMaintenance {

        private LogFindings findings = new LogFindings(3, 0, List.of());
        private IOException broken;
        private String asked;
        private boolean slow;
        private boolean clean = true;

        @Override
        public LogState state() {
            return new LogState("SQLite", "/var/lib/bolide/eventlog", 20_000, Optional.of(Instant.parse("2026-04-20T12:00:00Z")),
                    Optional.of(5811L), Optional.of(Instant.parse("2026-03-20T12:00:00Z")), 14_190, 55_000_000, 71_000_000, 3_400_000, clean);
        }

        @Override
        public LogFindings check(Progress progress) {
            progress.at(3, 3);
            return findings;
        }

        @Override
        public long backup(Path file, Progress progress) throws IOException {
            asked = "backup " + file;
            if (broken != null) {
                throw broken;
            }
            return 71_000_000;
        }

        @Override
        public long compact(Progress progress) {
            for (long end = System.nanoTime() + (slow ? 110_000_000 : 0); System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            progress.at(1, 2);
            return 3_400_000;
        }

        @Override
        public LogCopy migrate(Database target, Progress progress) {
            asked = "migrate " + target.url() + " " + target.user() + " " + target.password();
            return new LogCopy(20, 20, 1020, 1100, 3);
        }
    }
}
