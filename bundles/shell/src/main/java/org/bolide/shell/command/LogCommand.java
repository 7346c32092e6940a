package org.bolide.shell.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.google.gson.JsonElement;
import org.bolide.api.management.LogMaintenance;
import org.bolide.api.management.LogMaintenance.Database;
import org.bolide.api.management.LogMaintenance.LogCopy;
import org.bolide.api.management.LogMaintenance.LogFindings;
import org.bolide.api.management.LogMaintenance.LogState;

/** {@code log}: what the event log holds, and its care. An interrupted form has undone or kept whole what it began. */
final class LogCommand implements Command {

    /** The caller's environment variable for the password of {@link #migrate}. */
    private static final String PASSWORD = "BOLIDE_DATABASE_PASSWORD";

    private static final Grammar GRAMMAR = Grammar.of("log",
            Form.shows("status"),
            Form.shows("check"),
            Form.reads("backup").operand("the file for the copy", Values.FILES),
            Form.changes("compact"),
            Form.changes("migrate").secret("--to", "URL").option("--user", "USER", Values.ANY));

    private final Services services;

    LogCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        LogMaintenance log = services.need(LogMaintenance.class);
        return switch (call.word()) {
            case "check" -> check(log, call);
            case "backup" -> backup(log, call.operand(0), call.caller());
            case "compact" -> compact(log, call);
            case "migrate" -> migrate(log, call);
            default -> status(log, call);
        };
    }

    private static int status(LogMaintenance log, Call call) throws Refusal {
        LogState state = read(log::state);
        if (call.wantsJson()) {
            call.show(json(state));
            return 0;
        }
        PrintStream out = call.out();
        out.println("Place    " + state.kind() + ", " + Screen.line(state.place()));
        out.println("Events   " + Screen.number(state.events()) + " of " + Screen.number(state.newest()) + " ever received");
        out.println("Oldest   " + edge(state.oldest(), state.oldestAt()));
        out.println("Newest   " + edge(state.newestAt().map(at -> state.newest()), state.newestAt()));
        out.println("Content  " + Screen.bytes(state.contentBytes()));
        out.println("On disk  " + Screen.bytes(state.diskBytes())
                + (state.freeBytes() > 0 ? ", of which \"log compact\" gives " + Screen.bytes(state.freeBytes()) + " back" : ""));
        if (!state.stoppedCleanly()) {
            out.println("The broker before this one did not stop in good order. The newest events were checked at the start;");
            out.println("\"log check\" looks at all.");
        }
        return 0;
    }

    private static JsonElement json(LogState state) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", state.kind());
        fields.put("place", state.place());
        fields.put("newest", state.newest());
        fields.put("newestAt", state.newestAt());
        fields.put("oldest", state.oldest());
        fields.put("oldestAt", state.oldestAt());
        fields.put("events", state.events());
        fields.put("contentBytes", state.contentBytes());
        fields.put("diskBytes", state.diskBytes());
        fields.put("freeBytes", state.freeBytes());
        fields.put("stoppedCleanly", state.stoppedCleanly());
        return Json.of(fields);
    }

    private static String edge(Optional<Long> sequence, Optional<Instant> receivedAt) {
        return sequence.isEmpty() || receivedAt.isEmpty() ? "-"
                : "number " + sequence.get() + ", received on " + Screen.second(receivedAt.get()).replace(" ", " at ") + " UTC";
    }

    /** Looks through the whole log; the status is 1 if something is wrong. */
    private static int check(LogMaintenance log, Call call) throws Refusal, InterruptedException {
        Caller caller = call.caller();
        LogFindings findings = work(caller, log::check);
        if (call.wantsJson()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("events", findings.events());
            fields.put("damaged", findings.damaged());
            fields.put("faults", findings.faults());
            call.show(Json.of(fields));
            return findings.damaged() == 0 ? 0 : Refusal.FAILED;
        }
        if (findings.damaged() == 0) {
            caller.out().println("The log is in order: " + Screen.count(findings.events(), "event") + " checked.");
            return 0;
        }
        findings.faults().forEach(fault -> caller.out().println(Screen.wrap(Screen.line(fault))));
        long more = findings.damaged() - findings.faults().size();
        caller.out().println((more > 0 ? "and " + Screen.number(more) + " more. " : "")
                + Screen.count(findings.damaged(), "fault") + " at " + Screen.count(findings.events(), "event") + ".");
        caller.out().println("Stop the broker, move the log away and restore a backup, or begin a new log.");
        return Refusal.FAILED;
    }

    /** Writes a copy of the log into a file. */
    private static int backup(LogMaintenance log, String file, Caller caller) throws Refusal, InterruptedException {
        Path target = EventFiles.path(caller, file);
        long bytes = work(caller, progress -> log.backup(target, progress));
        caller.out().println("The log is in " + Screen.line(target.toString()) + ", " + Screen.bytes(bytes) + ".");
        return 0;
    }

    /** Gives room on disk back. */
    private static int compact(LogMaintenance log, Call call) throws Refusal, InterruptedException {
        long bytes = work(call.caller(), log::compact);
        call.done(bytes > 0 ? "The log takes " + Screen.bytes(bytes) + " less." : "There was no room to give back.");
        return 0;
    }

    /** Copies the log into a PostgreSQL database. */
    private static int migrate(LogMaintenance log, Call call) throws Refusal, InterruptedException {
        Caller caller = call.caller();
        String url = call.option("--to").orElseThrow(() -> call.wrong("where to is missing: --to=jdbc:postgresql://HOST/DATABASE"));
        String user = call.option("--user").orElse("");
        Optional<String> given = caller.variable(PASSWORD);
        String password = given.isPresent() || user.isEmpty() ? given.orElse("")
                : caller.password("Password of " + user + ": ").orElse("");
        LogCopy copy = work(caller, progress -> log.migrate(new Database(url, user, password), progress));
        PrintStream out = caller.out();
        call.done("Copied " + Screen.count(copy.events(), "event") + ". The database holds " + Screen.count(copy.total(), "event")
                + ", up to the number " + copy.newest() + ".");
        if (copy.behind() > 0) {
            out.println(Screen.count(copy.behind(), "event") + " came meanwhile.");
        }
        out.println("To move there, stop the broker, give this command again, which then copies only what is new,");
        out.println("and set databaseUrl, databaseUser and databasePassword in etc/org.bolide.eventstore.cfg.");
        return 0;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    @FunctionalInterface
    private interface Work<T> {
        T run(LogMaintenance.Progress progress) throws IOException, InterruptedException;
    }

    private static <T> T read(Reading<T> reading) throws Refusal {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new Refusal(Screen.wrap(Screen.line(e.getMessage())), e);
        }
    }

    private static <T> T work(Caller caller, Work<T> work) throws Refusal, InterruptedException {
        try (ProgressLine line = new ProgressLine(caller)) {
            return work.run(line::show);
        } catch (IOException e) {
            throw new Refusal(Screen.wrap(Screen.line(e.getMessage())), e);
        }
    }
}
