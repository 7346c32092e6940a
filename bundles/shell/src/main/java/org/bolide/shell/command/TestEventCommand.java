package org.bolide.shell.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.bolide.api.EventIntake;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Reader;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.State;
import org.bolide.api.xml.EventBuilder;

/**
 * {@code test-event}: sends an event of the role test the way that an author's goes, and follows it for some seconds: into the log, to
 * each subscriber and each handler. The status says whether all went well.
 */
final class TestEventCommand implements Command {

    private static final String VOEVENT = "http://www.ivoa.net/xml/VOEvent/v2.0";
    private static final Duration KEPT = Duration.ofDays(1);
    private static final long PAUSE_MILLIS = 50;
    private static final int WAIT_SECONDS = 5;

    private static final Grammar GRAMMAR = Grammar.of("test-event", Form.changes("").option("--wait", "SECONDS", Values.ANY));

    private final Services services;
    private final Clock clock;

    TestEventCommand(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        int seconds = call.number("--wait", WAIT_SECONDS);
        EventIntake intake = services.need(EventIntake.class);
        Map<String, Connection> before = subscribers();
        EventBuilder event = event(identifier(), clock.instant());
        Receipt receipt = SendCommand.submit(intake, Submission.fromAuthor(event.build(), "test-event, by " + call.caller().user()).keptFor(KEPT));
        if (receipt.status() != Status.ACCEPTED) {
            throw new Refusal(Screen.wrap(Screen.line((receipt.status() == Status.UNAVAILABLE ? "The broker takes no events now: "
                    : "The test event was refused: ") + receipt.reason() + ".")
                    + "\n\"rules\" lists the owner's rules, \"status\" what is wrong."));
        }
        call.out().println(receipt.identifier().map(Screen::line).orElse("The test event") + " was accepted, with the sequence " + receipt.sequence() + ".");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!isThrough(receipt.sequence(), before) && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        List<String> wrong = new ArrayList<>();
        tellSubscribers(receipt.sequence(), before, call, wrong);
        tellHandlers(receipt.sequence(), call, wrong);
        wrong.forEach(line -> call.out().println(Screen.wrap("! " + Screen.line(line))));
        call.done(wrong.isEmpty() ? "All went well." : "Not all went well: " + Screen.count(wrong.size(), "fault") + ".");
        return wrong.isEmpty() ? 0 : Refusal.FAILED;
    }

    /** This broker's own IVOID, which its listeners tell their peers. */
    private String identifier() throws Refusal {
        return services.all(Connections.class).stream().map(each -> each.endpoint().identifier()).filter(text -> !text.isBlank()).findFirst()
                .orElseThrow(() -> new Refusal("This broker has no identifier to send an event under: it has no listener and no remote broker."
                        + " Start it with --receive or --broadcast and --local-ivo."));
    }

    static EventBuilder event(String broker, Instant when) {
        String time = when.truncatedTo(ChronoUnit.MILLIS).toString();
        return new EventBuilder()
                .namespace("voe", VOEVENT)
                .start("voe:VOEvent").attribute("version", "2.0").attribute("role", "test").attribute("ivorn", broker + "#TestEvent-" + time)
                .start("Who").element("AuthorIVORN", broker).element("Date", time.replaceFirst("Z$", "")).end()
                .start("What").element("Description", "Test event of the broker " + broker + " (Bolide), sent by its operator. Nothing was observed.").end()
                .end();
    }

    private Map<String, Connection> subscribers() {
        Map<String, Connection> all = new HashMap<>();
        ClientsCommand.clients(services, Role.SUBSCRIBER).forEach(each -> all.put(each.component() + " " + each.address(), each));
        return all;
    }

    private List<LaneStatus> lanes() {
        return services.find(Lanes.class).map(Lanes::lanes).orElse(List.of());
    }

    private boolean isThrough(long sequence, Map<String, Connection> before) {
        Map<String, Connection> now = subscribers();
        return before.keySet().stream().map(now::get).allMatch(each -> each == null || isPast(each, sequence))
                && lanes().stream().allMatch(lane -> lane.place() >= sequence || lane.state() != State.RUNNING);
    }

    private static boolean isPast(Connection subscriber, long sequence) {
        return subscriber.reader().flatMap(Reader::place).filter(place -> place >= sequence).isPresent();
    }

    private void tellSubscribers(long sequence, Map<String, Connection> before, Call call, List<String> wrong) {
        if (before.isEmpty()) {
            call.out().println("Subscribers: none is connected.");
            return;
        }
        Map<String, Connection> now = subscribers();
        int acknowledged = 0;
        int passedBy = 0;
        for (Map.Entry<String, Connection> each : before.entrySet()) {
            Connection subscriber = now.get(each.getKey());
            String who = each.getValue().address() + each.getValue().reader().flatMap(Reader::name).map(name -> " (" + name + ")").orElse("");
            if (subscriber == null) {
                wrong.add("The subscriber " + who + " has gone meanwhile. \"clients gone\" tells why.");
            } else if (!isPast(subscriber, sequence)) {
                wrong.add("The subscriber " + who + (subscriber.events() > each.getValue().events() ? " has not acknowledged it." : " has not been sent it yet.")
                        + " \"clients\" shows how far it is behind.");
            } else if (subscriber.events() > each.getValue().events()) {
                acknowledged++;
            } else {
                passedBy++;
            }
        }
        call.out().println(Screen.wrap("Subscribers: " + before.size() + " connected, " + acknowledged + " acknowledged it."
                + (passedBy == 0 ? "" : " " + passedBy + (passedBy == 1 ? " was" : " were") + " not sent it: a filter or a relay rule leaves it out.")));
    }

    private void tellHandlers(long sequence, Call call, List<String> wrong) {
        List<LaneStatus> lanes = lanes();
        long passed = lanes.stream().filter(lane -> lane.place() >= sequence).count();
        call.out().println(lanes.isEmpty() ? "Handlers: none runs." : "Handlers: " + passed + " of " + lanes.size() + (passed == 1 ? " has" : " have")
                + " done with it.");
        for (LaneStatus lane : lanes) {
            if (lane.place() < sequence) {
                wrong.add("The handler " + lane.handler() + " has not come to it: " + (lane.state() == State.RUNNING ? "it is "
                        + Screen.count(lane.lag(), "event") + " behind" : "it is " + HandlersCommand.word(lane.state()))
                        + lane.lastFailure().map(failure -> " (" + failure + ")").orElse("") + ". \"handlers\" tells more.");
            }
        }
    }
}
