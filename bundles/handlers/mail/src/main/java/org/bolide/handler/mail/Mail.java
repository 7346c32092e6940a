package org.bolide.handler.mail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails events, a batch in one mail, which is a digest. The lane waits here until the next mail may go and the server has
 * accepted it; what comes meanwhile waits in the log and is the next batch. So an event is done when a mail that has it was
 * accepted, and not before.
 */
@Component(name = "org.bolide.handler.mail", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Mail.Config.class, factory = true)
public final class Mail implements BrokerEventHandler {

    @ObjectClassDefinition(name = "mail", description = "Mails events, in digests when there are many.")
    @interface Config {

        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "mail";

        @AttributeDefinition(name = "Filter", required = false,
                description = "Only events that match this filter are mailed; all if empty.")
        String handler_filter() default "";

        @AttributeDefinition(name = "Filter language", description = "The language of the filter.")
        String handler_filter_language() default "xpath";

        @AttributeDefinition(name = "Start", options = {@Option("latest"), @Option("earliest")},
                description = "Where a handler with a new name begins: with the next event, or with the oldest in the log.")
        String handler_start() default "latest";

        @AttributeDefinition(name = "Batch", min = "1", description = "At most so many events are put into one mail.")
        int handler_batch() default 200;

        @AttributeDefinition(name = "To", description = "The addresses that the mails go to.")
        String[] to();

        @AttributeDefinition(name = "From", description = "The address that the mails come from.")
        String from();

        @AttributeDefinition(name = "Subject", required = false,
                description = "The subject; {ivoid}, {role}, {stream}, {author} and {handler} are filled in; [{role}] {ivoid} if empty.")
        String subject() default "";

        @AttributeDefinition(name = "Host", description = "The mail server.")
        String host();

        @AttributeDefinition(name = "Port", min = "1", max = "65535",
                description = "The server's port: as a rule 587 with starttls, 465 with tls, 25 with none.")
        int port() default 587;

        @AttributeDefinition(name = "Security", options = {@Option("starttls"), @Option("tls"), @Option("none")},
                description = "How the connection is protected: by a required STARTTLS, by TLS from the start, or not.")
        String security() default "starttls";

        @AttributeDefinition(name = "User", required = false, description = "The name to log in with; none if empty.")
        String user() default "";

        @AttributeDefinition(name = "Password", required = false, description = "A file that holds the password.")
        String passwordFile() default "";

        @AttributeDefinition(name = "Trust", required = false,
                description = "A file of certificates (PEM) of which one must have signed the server's; Java's own if empty.")
        String trustFile() default "";

        @AttributeDefinition(name = "Time limit", min = "1",
                description = "The server has this many seconds for the connection and for each answer.")
        long timeLimitSeconds() default 60;

        @AttributeDefinition(name = "Digest", min = "0",
                description = "The next mail goes this many seconds after the last, with all that has come meanwhile.")
        long digestSeconds() default 60;

        @AttributeDefinition(name = "Limit", min = "1", description = "At most so many mails are sent in any hour; further events wait.")
        int maxMailsPerHour() default 20;

        @AttributeDefinition(name = "Attachments", min = "0",
                description = "Events are attached, the newest first, up to this many bytes in one mail; 0 attaches none.")
        long maxAttachmentBytes() default 1_000_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);

    private static final String USUAL_SUBJECT = "[{role}] {ivoid}";

    private final String name;
    private final InternetAddress from;
    private final InternetAddress[] to;
    private final Subject subject;
    private final Server server;
    private final Pace pace;
    private final long maxAttachmentBytes;
    /** One mail after the other, even if the handler's concurrency is above 1. */
    private final ReentrantLock turn = new ReentrantLock();

    @Activate
    public Mail(BundleContext context, Config config) {
        this(config.handler_name(), config.from(), config.to(), config.subject().isBlank() ? USUAL_SUBJECT : config.subject(),
                new Server(config.host(), config.port(), Server.Security.of(config.security()),
                        Optional.of(config.user()).filter(user -> !user.isBlank()), file(context, config.passwordFile()),
                        file(context, config.trustFile()), Duration.ofSeconds(config.timeLimitSeconds())),
                new Pace(Duration.ofSeconds(config.digestSeconds()), config.maxMailsPerHour(), System::nanoTime),
                config.maxAttachmentBytes());
    }

    Mail(String name, String from, String[] to, String subject, Server server, Pace pace, long maxAttachmentBytes) {
        this.name = name;
        this.from = address("from", from);
        this.to = Arrays.stream(to == null ? new String[0] : to).map(each -> address("to", each)).toArray(InternetAddress[]::new);
        if (this.to.length == 0) {
            throw new IllegalArgumentException("to is missing in org.bolide.handler.mail: give at least one address");
        }
        this.subject = new Subject(subject);
        this.server = server;
        this.pace = pace;
        this.maxAttachmentBytes = maxAttachmentBytes;
        LOG.info("{} mails to {} through {} ({})", name, List.of(this.to), server, server.security());
        try {
            server.check();
        } catch (IOException e) {
            LOG.warn("{}: {}; no event is mailed until this is mended", name, e.getMessage());
        }
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException, InterruptedException {
        return handle(List.of(event));
    }

    @Override
    public Outcome handle(List<BrokerEvent> batch) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        try {
            Duration wait = pace.untilNext();
            if (pace.isFull()) {
                LOG.warn("{} has reached its limit: {} events wait {} minutes, and what comes after them longer; "
                        + "narrow handler.filter or raise maxMailsPerHour", name, batch.size(), wait.toMinutes() + 1);
            }
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
            mail(batch);
            pace.sent();
        } finally {
            turn.unlock();
        }
        batch.forEach(event -> LOG.debug("{} mailed id={} position={} source={}", name,
                event.header().identifier().orElse("-"), event.sequence(), event.source()));
        return Outcome.DONE;
    }

    private void mail(List<BrokerEvent> batch) throws IOException, InterruptedException {
        // On a thread of its own: a socket does not heed an interruption. A thread that is left behind ends by the time limit.
        FutureTask<Void> task = new FutureTask<>(() -> {
            server.accept(new Letter(name, from, to, subject, batch, maxAttachmentBytes));
            return null;
        });
        Thread thread = new Thread(task, name + "-smtp");
        thread.setDaemon(true);
        thread.setContextClassLoader(MimeMessage.class.getClassLoader()); // by it the library finds its parts
        thread.start();
        try {
            task.get();
        } catch (ExecutionException e) {
            failed(e.getCause());
        }
    }

    private void failed(Throwable why) throws IOException {
        if (why instanceof SendFailedException refused && refused.getValidSentAddresses() != null
                && refused.getValidSentAddresses().length > 0) {
            LOG.warn("{}: {} has refused {} ({}), the others have the mail: mend the key \"to\"", name, server,
                    Stream.of(refused.getInvalidAddresses(), refused.getValidUnsentAddresses()).filter(Objects::nonNull)
                            .flatMap(Arrays::stream).toList(), text(refused));
            return;
        }
        if (why instanceof MessagingException) {
            throw new IOException(server + " has not accepted the mail (" + text(why) + ")", why);
        }
        throw why instanceof IOException cannot ? cannot : new IOException(why);
    }

    /** All that the library says of it, without the line ends of the server's answers. */
    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            text.append(each == failure ? "" : "; ").append(each.getMessage() == null ? each : each.getMessage());
        }
        return Letter.oneLine(text.toString());
    }

    private static Optional<Path> file(BundleContext context, String file) {
        return Optional.of(file).filter(text -> !text.isBlank()).map(Path.of(context.getProperty("karaf.base"))::resolve);
    }

    private static InternetAddress address(String key, String text) {
        try {
            InternetAddress address = new InternetAddress(text == null ? "" : text, true);
            if (address.getAddress().indexOf('@') > 0) {
                return address;
            }
        } catch (AddressException e) {
            throw wrong(key, text, e);
        }
        throw wrong(key, text, null);
    }

    private static IllegalArgumentException wrong(String key, String text, Exception e) {
        return new IllegalArgumentException(
                key + " in org.bolide.handler.mail has \"" + text + "\", which is no address such as someone@example.org", e);
    }
}
