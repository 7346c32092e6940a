package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.bolide.api.EventIntake;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.Submission;

/** {@code send}: submits events as an author on this machine would, one after the other, and tells the receipt for each. */
final class SendCommand implements Command {

    private static final int PATIENCE_SECONDS = 60;

    private static final Grammar GRAMMAR = Grammar.of("send",
            Form.changes("").operands("a file, a directory, or - for standard input", Values.FILES));

    private final Services services;

    SendCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        EventIntake intake = services.need(EventIntake.class);
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        new EventFiles(call.caller()).read(call.operands(), (name, event) -> {
            Receipt receipt = submit(intake, Submission.fromAuthor(ByteBuffer.wrap(event), "send, by " + call.caller().user()));
            counts.merge(receipt.status(), 1, Integer::sum);
            call.out().println(Screen.wrap(Screen.line(line(name, receipt))));
        });
        int events = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (events == 0) {
            throw new Refusal("There is no event in what was given.");
        }
        int taken = counts.getOrDefault(Status.ACCEPTED, 0);
        int known = counts.getOrDefault(Status.DUPLICATE, 0);
        call.done(Screen.count(events, "event") + ": " + taken + " accepted, " + known + " duplicate, "
                + counts.getOrDefault(Status.REFUSED, 0) + " refused"
                + (counts.containsKey(Status.UNAVAILABLE) ? ", " + counts.get(Status.UNAVAILABLE) + " not taken now." : "."));
        return taken + known == events ? 0 : Refusal.FAILED;
    }

    /** Waits for the receipt. */
    static Receipt submit(EventIntake intake, Submission submission) throws Refusal, InterruptedException {
        try {
            return intake.submit(submission).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the intake promises a receipt", e);
        } catch (TimeoutException e) {
            throw new Refusal("The broker has given no receipt for " + PATIENCE_SECONDS + " s. \"status\" tells what is wrong.", e);
        }
    }

    private static String line(String name, Receipt receipt) {
        String status = receipt.status() == Status.UNAVAILABLE ? "not taken now" : receipt.status().name().toLowerCase(Locale.ROOT);
        String sequence = receipt.status() == Status.ACCEPTED ? " as " + receipt.sequence() : "";
        String identifier = receipt.identifier().map(text -> ", " + text).orElse("");
        return name + ": " + status + sequence + identifier + (receipt.reason().isEmpty() ? "" : ": " + receipt.reason());
    }
}
