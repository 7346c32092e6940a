package org.bolide.shell.command;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.LastCall;
import org.bolide.api.management.Lanes.State;

/** {@code handlers}: how the handlers do, and what an operator does to one. */
final class HandlersCommand implements Command {

    private final Services services;
    private final Clock clock;
    private final Grammar grammar;
    /** The name comes last, where nothing is cut from it: people type it. */
    private final Listing<LaneStatus> listing = new Listing<LaneStatus>()
            .json("handler", LaneStatus::handler)
            .json("bundle", LaneStatus::bundle)
            .column("State", "state", lane -> word(lane.state()))
            .column(">Place", "place", LaneStatus::place)
            .column(">Lag", "lag", LaneStatus::lag)
            .column(">Handled", "handled", LaneStatus::handled)
            .column(">Disc.", "discarded", LaneStatus::discarded)
            .column(">Retries", "retries", LaneStatus::retries)
            .column(">Dead", "deadLetters", LaneStatus::buried)
            .json("lastOutcome", lane -> lane.lastCall().map(call -> outcome(call)))
            .json("lastSequence", lane -> lane.lastCall().map(LastCall::sequence))
            .json("lastAt", lane -> lane.lastCall().map(LastCall::at))
            .json("lastFailure", LaneStatus::lastFailure)
            .shown("Last call", lane -> lane.lastCall().map(this::ago).orElse("-"))
            .shown("Handler, bundle", lane -> Screen.line(lane.handler() + ", " + lane.bundle().replaceFirst("^org\\.bolide\\.handler\\.", "")));

    HandlersCommand(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
        Values names = Values.from(() -> services.all(Lanes.class).stream().flatMap(lanes -> lanes.lanes().stream())
                .map(LaneStatus::handler).distinct().toList());
        grammar = Grammar.of("handlers",
                Form.shows("list"),
                Form.changes("pause").operand("the handler's name", names),
                Form.changes("resume").operand("the handler's name", names),
                Form.changes("skip").operand("the handler's name", names),
                Form.changes("rewind").option("--to", "PLACE", Values.of("earliest", "latest")).operand("the handler's name", names));
    }

    @Override
    public Grammar grammar() {
        return grammar;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        Lanes lanes = services.need(Lanes.class);
        try {
            switch (call.word()) {
                case "pause" -> {
                    lanes.pause(call.operand(0));
                    call.done(call.operand(0) + " stands still, also after a restart, until \"handlers resume " + call.operand(0) + "\".");
                }
                case "resume" -> {
                    lanes.resume(call.operand(0));
                    call.done(call.operand(0) + " goes on.");
                }
                case "skip" -> skip(lanes, call);
                case "rewind" -> rewind(lanes, call);
                default -> list(lanes.lanes(), call);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Refusal(Screen.wrap(Screen.line(e.getMessage())), e);
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read or written: " + Screen.line(e.getCause().getMessage()), e);
        }
    }

    private void list(List<LaneStatus> lanes, Call call) {
        if (call.wantsJson()) {
            call.show(listing, lanes);
            return;
        }
        if (lanes.isEmpty()) {
            call.out().println("No handler runs.");
            return;
        }
        call.show(listing, lanes);
        for (LaneStatus lane : lanes) {
            remark(lane).ifPresent(text -> call.out().println("\n" + Screen.wrap(Screen.line(lane.handler() + ": " + text))));
        }
    }

    /** What is wrong with a lane, and what an operator can do. */
    private static Optional<String> remark(LaneStatus lane) {
        String failure = lane.lastFailure().map(text -> text.replaceFirst("[.\\s]+$", "")).orElse("");
        String name = lane.handler();
        return switch (lane.state()) {
            case RETRYING -> Optional.of("holds an event and tries it again: " + (failure.isEmpty() ? "its handler asks for it" : failure)
                    + ". \"handlers skip " + name + "\" makes the event a dead letter now.");
            case PAUSED -> Optional.of("paused. \"handlers resume " + name + "\" has it go on.");
            case SUSPENDED -> Optional.of("waits for its filter: " + failure + ".");
            case NAME_TAKEN -> Optional.of("a second handler of this name waits until the first one is gone, from " + lane.bundle() + ".");
            case RUNNING -> failure.isEmpty() ? Optional.empty()
                    : Optional.of("the last failure: " + failure + "." + (lane.buried() > 0 ? " See \"dead-letters\"." : ""));
        };
    }

    private static void skip(Lanes lanes, Call call) throws Refusal {
        String name = call.operand(0);
        OptionalLong sequence = lanes.skip(name);
        if (sequence.isEmpty()) {
            throw new Refusal(Screen.line(name) + " tries no event again just now: there is nothing to skip.");
        }
        call.done(name + " gives up the event " + sequence.getAsLong() + ", which becomes a dead letter.");
    }

    private void rewind(Lanes lanes, Call call) throws Refusal, InterruptedException {
        String name = call.operand(0);
        String to = call.option("--to").orElseThrow(() -> call.wrong("where to is missing: --to=TIME, --to=SEQUENCE, --to=earliest or --to=latest"));
        long place = lanes.move(name, start(to));
        call.done(name + " goes on after the sequence " + place + (lanes.lanes().stream()
                .anyMatch(lane -> lane.handler().equals(name) && lane.state() == State.PAUSED) ? ", when it is resumed." : "."));
    }

    /** The first event that is handled again is the one that was named. */
    private static Start start(String to) throws Refusal {
        if (to.matches("\\d{1,18}")) {
            return new Start.After(Math.max(0, Long.parseLong(to) - 1));
        }
        return switch (to) {
            case "earliest" -> new Start.Earliest();
            case "latest" -> new Start.Latest();
            default -> new Start.Since(ExportCommand.time("--to", to));
        };
    }

    static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String outcome(LastCall call) {
        return call.outcome().name().toLowerCase(Locale.ROOT);
    }

    private String ago(LastCall call) {
        Instant now = clock.instant();
        return outcome(call) + ", " + Screen.duration(Duration.between(call.at().isAfter(now) ? now : call.at(), now));
    }
}
