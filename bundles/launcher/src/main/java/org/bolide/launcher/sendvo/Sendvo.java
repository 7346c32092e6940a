package org.bolide.launcher.sendvo;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes events to a broker and prints what it answers. Plain Java, without Karaf. */
public final class Sendvo {

    /** All events were acknowledged. */
    static final int ACKNOWLEDGED = 0;
    /** The broker refused some. */
    static final int REFUSED = 1;
    /** Some got no answer. */
    static final int NO_ANSWER = 2;
    /** The command line is wrong (sysexits.h). */
    static final int USAGE = 64;

    private final SendvoOptions options;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private long acknowledged;
    private long refused;
    private long unanswered;
    /** Events under way when no broker could be reached any more. */
    private int waiting;

    private Sendvo(SendvoOptions options, InputStream in, PrintStream out, PrintStream err) {
        this.options = options;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false, StandardCharsets.UTF_8);
        int status = run(List.of(arguments), Boolean.getBoolean("sendvo.terminal"), System.in, out, System.err);
        out.flush();
        System.exit(status);
    }

    /** @param isTerminal whether {@code err} is a terminal, so that progress can be shown there */
    static int run(List<String> arguments, boolean isTerminal, InputStream in, PrintStream out, PrintStream err) {
        try {
            SendvoOptions options = SendvoOptions.read(arguments);
            if (options.help()) {
                out.print(SendvoOptions.helpText());
                return ACKNOWLEDGED;
            }
            return new Sendvo(options, in, out, err).send(isTerminal);
        } catch (IllegalArgumentException e) {
            err.println("sendvo: " + e.getMessage());
            return USAGE;
        }
    }

    private int send(boolean isTerminal) {
        boolean isMany = options.operands().size() > 1
                || options.operands().stream().anyMatch(o -> !o.equals("-") && Messages.isMany(path(o)));
        Author author = new Author(options.host(), options.port(), Duration.ofSeconds(options.timeoutSeconds()));
        String run = UUID.randomUUID().toString().substring(0, 8);
        AtomicLong copies = new AtomicLong();
        Stamp stamp = new Stamp(() -> run + "-" + copies.incrementAndGet());
        Messages messages = new Messages(in);
        try {
            Progress progress = new Progress(isTerminal && isMany ? err : null, Messages.size(options.operands()));
            try (Pipeline pipeline = new Pipeline(author, new Printer(progress))) {
                sendAll(messages, stamp, pipeline, progress);
            } finally {
                progress.clear();
            }
        } catch (IOException e) {
            out.flush();
            err.println("sendvo: " + e.getMessage());
            unanswered += Math.max(1, waiting);
        }
        if (isMany) {
            out.flush();
            err.println("sendvo: %d acknowledged, %d refused, %d without an answer".formatted(
                    acknowledged, refused, unanswered));
        }
        return unanswered > 0 ? NO_ANSWER : refused > 0 ? REFUSED : ACKNOWLEDGED;
    }

    private void sendAll(Messages messages, Stamp stamp, Pipeline pipeline, Progress progress) throws IOException {
        IOException unreadable = null;
        try {
            for (String operand : options.operands()) {
                messages.read(operand, message -> {
                    send(message, stamp, pipeline, progress);
                    progress.show(messages.consumed(), acknowledged + refused + unanswered);
                });
            }
        } catch (Author.Unreachable e) {
            waiting = pipeline.pending();
            throw e;
        } catch (IOException e) {
            unreadable = e;
        }
        try {
            pipeline.finish();
        } finally {
            waiting = pipeline.pending();
        }
        if (unreadable != null) {
            throw unreadable;
        }
    }

    private void send(Message message, Stamp stamp, Pipeline pipeline, Progress progress) throws Author.Unreachable {
        Message stamped;
        try {
            stamped = options.newId() ? new Message(message.name(), stamp.apply(message.bytes())) : message;
        } catch (IOException e) {
            new Printer(progress).unanswered(message, e);
            return;
        }
        pipeline.send(stamped);
    }

    /** Prints and counts. */
    private final class Printer implements Pipeline.Outcome {

        private final Progress progress;

        Printer(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void answered(Message message, Answer answer) {
            acknowledged += answer.isAck() ? 1 : 0;
            refused += answer.isAck() ? 0 : 1;
            String who = answer.origin().isEmpty() ? message.name() : answer.origin();
            progress.clear();
            out.println((answer.isAck() ? "ack " : "nak ") + who
                    + (answer.result().isEmpty() ? "" : ": " + answer.result().replaceAll("\\s+", " ")));
        }

        @Override
        public void unanswered(Message message, IOException why) {
            unanswered++;
            progress.clear();
            out.flush();
            err.println("sendvo: " + message.name() + ": " + why.getMessage());
        }
    }

    static Path path(String operand) {
        try {
            Path path = Path.of(operand);
            if (!Files.exists(path)) {
                throw new IllegalArgumentException("no such file: " + operand);
            }
            if (!Files.isReadable(path)) {
                throw new IllegalArgumentException("no right to read " + operand);
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e.getMessage().toLowerCase(Locale.ROOT), e);
        }
    }
}
