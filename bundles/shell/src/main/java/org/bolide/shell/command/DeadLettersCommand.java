package org.bolide.shell.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.Outcome;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.store.DeadLetter;

/** {@code dead-letters}: the events that handlers gave up on. */
final class DeadLettersCommand implements Command {

    private static final int PAGE = 200;
    private static final int SHOWN = 100;

    private static final Listing<DeadLetter> LISTING = new Listing<DeadLetter>()
            .column(">ID", "id", DeadLetter::id)
            .column("Handler", "handler", DeadLetter::handler)
            .column("Given up (UTC)", "at", DeadLetter::buriedAt)
            .column(">Tries", "attempts", DeadLetter::attempts)
            .json("sequence", DeadLetter::sequence)
            .json("identifier", DeadLetter::identifier)
            .json("reason", DeadLetter::reason)
            .shown("Event, and why", letter -> Screen.line(letter.identifier().orElse("event " + letter.sequence()) + ": " + letter.reason()).strip());

    private final Services services;
    private final Grammar grammar;

    DeadLettersCommand(Services services) {
        this.services = services;
        Values handlers = Values.from(() -> services.all(Lanes.class).stream().flatMap(lanes -> lanes.lanes().stream())
                .map(LaneStatus::handler).distinct().toList());
        grammar = Grammar.of("dead-letters",
                Form.shows("list").option("--handler", "NAME", handlers).option("--limit", "N", Values.ANY),
                Form.shows("show").operand("the dead letter's ID", Values.ANY),
                Form.changes("retry").flag("--all").option("--handler", "NAME", handlers).optionalOperands("the dead letters' IDs", Values.ANY),
                Form.changes("drop").flag("--all").option("--handler", "NAME", handlers).optionalOperands("the dead letters' IDs", Values.ANY));
    }

    @Override
    public Grammar grammar() {
        return grammar;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        DeadLetters letters = services.need(DeadLetters.class);
        try {
            return switch (call.word()) {
                case "show" -> show(letters, call);
                case "retry" -> retry(letters, call);
                case "drop" -> drop(letters, call);
                default -> list(letters, call);
            };
        } catch (IOException e) {
            throw new Refusal("The dead letters cannot be read or written: " + Screen.line(String.valueOf(e.getMessage())), e);
        }
    }

    private static int list(DeadLetters letters, Call call) throws IOException, Refusal {
        int limit = Math.max(1, call.number("--limit", SHOWN));
        List<DeadLetter> all = all(letters, call.option("--handler"), limit + 1);
        if (all.isEmpty() && !call.wantsJson()) {
            call.out().println("There is no dead letter.");
            return 0;
        }
        call.show(LISTING, all.subList(0, Math.min(limit, all.size())));
        if (all.size() > limit && !call.wantsJson()) {
            call.out().println("and more; --limit=NUMBER shows them");
        }
        return 0;
    }

    /** The oldest ones, of one handler if one is named. */
    private static List<DeadLetter> all(DeadLetters letters, Optional<String> handler, int max) throws IOException {
        List<DeadLetter> found = new ArrayList<>();
        long last = 0;
        for (List<DeadLetter> page = letters.list(last, PAGE); !page.isEmpty() && found.size() < max; page = letters.list(last, PAGE)) {
            for (DeadLetter letter : page) {
                if (found.size() < max && handler.map(letter.handler()::equals).orElse(true)) {
                    found.add(letter);
                }
            }
            last = page.get(page.size() - 1).id();
        }
        return found;
    }

    private static int show(DeadLetters letters, Call call) throws IOException, Refusal {
        long id = id(call.operand(0), call);
        DeadLetter letter = letters.find(id).orElseThrow(() -> none(id));
        String content = text(letter.content());
        if (call.wantsJson()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", letter.id());
            fields.put("handler", letter.handler());
            fields.put("sequence", letter.sequence());
            fields.put("identifier", letter.identifier());
            fields.put("at", letter.buriedAt());
            fields.put("attempts", letter.attempts());
            fields.put("reason", letter.reason());
            fields.put("content", content);
            call.show(Json.of(fields));
            return 0;
        }
        call.out().println("Handler   " + Screen.line(letter.handler()));
        call.out().println("Event     " + letter.sequence() + letter.identifier().map(name -> ", " + Screen.line(name)).orElse(""));
        call.out().println("Given up  " + Screen.second(letter.buriedAt()) + " UTC, after " + Screen.count(letter.attempts(), "call"));
        call.out().println(Screen.wrap("Why       " + Screen.line(letter.reason()).strip()));
        call.out().println();
        content.lines().forEach(line -> call.out().println(Screen.line(line)));
        return 0;
    }

    private static String text(ByteBuffer content) {
        return StandardCharsets.UTF_8.decode(content.asReadOnlyBuffer()).toString();
    }

    private static int retry(DeadLetters letters, Call call) throws IOException, Refusal, InterruptedException {
        int done = 0;
        int kept = 0;
        for (long id : meant(letters, call)) {
            Optional<String> failure = retry(letters, id);
            failure.ifPresent(why -> call.out().println(Screen.wrap(Screen.line(id + ": " + why))));
            done += failure.isEmpty() ? 1 : 0;
            kept += failure.isPresent() ? 1 : 0;
        }
        call.done(kept == 0 ? "Handled " + Screen.count(done, "dead letter") + "." : "Handled " + Screen.count(done, "dead letter") + "; "
                + Screen.number(kept) + (kept == 1 ? " stays." : " stay."));
        return kept == 0 ? 0 : Refusal.FAILED;
    }

    /** Why a dead letter stays; empty if it is handled. */
    private static Optional<String> retry(DeadLetters letters, long id) throws IOException, InterruptedException {
        try {
            if (letters.retry(id) != Outcome.RETRY) {
                return Optional.empty();
            }
            return Optional.of("its handler has failed again; \"handlers\" shows why");
        } catch (IllegalStateException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static int drop(DeadLetters letters, Call call) throws IOException, Refusal {
        int dropped = 0;
        List<Long> unknown = new ArrayList<>();
        for (long id : meant(letters, call)) {
            if (letters.drop(id)) {
                dropped++;
            } else {
                unknown.add(id);
            }
        }
        unknown.forEach(id -> call.out().println("There is no dead letter " + id + "."));
        call.done("Dropped " + Screen.count(dropped, "dead letter") + ".");
        return unknown.isEmpty() ? 0 : Refusal.FAILED;
    }

    /** The dead letters that a line means: those that it names, or all of them, or of a handler. */
    private static List<Long> meant(DeadLetters letters, Call call) throws IOException, Refusal {
        if (call.has("--all") != call.operands().isEmpty()) {
            throw call.wrong("give the dead letters' IDs, or --all");
        }
        if (!call.has("--all") && call.has("--handler")) {
            throw call.wrong("--handler goes with --all");
        }
        if (call.has("--all")) {
            return all(letters, call.option("--handler"), Integer.MAX_VALUE).stream().map(DeadLetter::id).toList();
        }
        List<Long> ids = new ArrayList<>();
        for (String operand : call.operands()) {
            ids.add(id(operand, call));
        }
        return ids;
    }

    private static long id(String text, Call call) throws Refusal {
        if (!text.matches("\\d{1,18}")) {
            throw call.wrong("a dead letter's ID is a number, as \"dead-letters\" shows it, not \"" + Screen.line(text) + "\"");
        }
        return Long.parseLong(text);
    }

    private static Refusal none(long id) {
        return new Refusal("There is no dead letter " + id + ".");
    }
}
