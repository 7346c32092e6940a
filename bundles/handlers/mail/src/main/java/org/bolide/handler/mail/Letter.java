package org.bolide.handler.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.SkyPosition;

/** The mail that tells of one event, or of several. */
final class Letter extends MimeMessage {

    private static final int LONGEST_LINE = 500;
    private static final int LONGEST_FILE_NAME = 100;

    private final String id;

    /**
     * Writes a mail.
     *
     * @param events at least one, oldest first
     * @param maxAttachmentBytes of all attachments together, before they are encoded
     */
    Letter(String handler, InternetAddress from, InternetAddress[] to, Subject subject, List<BrokerEvent> events,
            long maxAttachmentBytes) throws MessagingException {
        super((Session) null);
        String address = from.getAddress();
        id = "<" + digest(handler, events) + address.substring(address.lastIndexOf('@')) + ">";
        setFrom(from);
        setRecipients(Message.RecipientType.TO, to);
        setSubject(subject.of(events, handler), StandardCharsets.UTF_8.name());
        setSentDate(new Date());
        // RFC 3834, section 5: nobody's absence is to be told to a program.
        setHeader("Auto-Submitted", "auto-generated");
        List<MimeBodyPart> attachments = attachments(events, maxAttachmentBytes);
        MimeBodyPart text = new MimeBodyPart();
        text.setText(text(handler, events, attachments.size()), StandardCharsets.UTF_8.name());
        MimeMultipart parts = new MimeMultipart(text);
        for (MimeBodyPart attachment : attachments) {
            parts.addBodyPart(attachment);
        }
        setContent(parts);
        saveChanges();
    }

    /** The same whenever the same handler sends the same events: what comes again can be recognised. */
    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }

    /** What people call the event. */
    static String name(BrokerEvent event) {
        return event.header().identifier().orElse("event without IVOID");
    }

    /** No event's text can begin a new line, be it of a header or of the body. */
    static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line;
    }

    private static List<MimeBodyPart> attachments(List<BrokerEvent> events, long maxBytes) throws MessagingException {
        List<MimeBodyPart> attachments = new ArrayList<>();
        long room = maxBytes;
        for (int i = events.size() - 1; i >= 0; i--) {
            BrokerEvent event = events.get(i);
            room -= event.content().remaining();
            if (room < 0) {
                break; // the newest, without a gap
            }
            MimeBodyPart attachment = new MimeBodyPart();
            attachment.setDataHandler(new DataHandler(new ByteArrayDataSource(bytes(event.content()), "application/xml")));
            attachment.setHeader("Content-Transfer-Encoding", "base64"); // byte for byte
            attachment.setFileName(fileName(event));
            attachments.add(attachment);
        }
        return attachments;
    }

    private static String fileName(BrokerEvent event) {
        String name = event.header().identifier().orElse("event").replaceAll("[^A-Za-z0-9._+-]+", "_");
        return name.substring(0, Math.min(name.length(), LONGEST_FILE_NAME)) + ".xml";
    }

    private static String text(String handler, List<BrokerEvent> events, int attached) {
        StringBuilder text = new StringBuilder();
        text.append(events.size() == 1 ? "One event" : events.size() + " events, oldest first").append(", by the handler ")
                .append(oneLine(handler)).append(" of a Bolide broker.\n");
        if (attached < events.size()) {
            text.append(attached == 0 ? "None is" : "The newest " + attached + " are").append(
                    " attached (maxAttachmentBytes). To see one: bolide events show IVOID\n");
        }
        for (BrokerEvent event : events) {
            line(text, "\n", name(event));
            line(text, "  what   ", event.header().role().orElse("event") + ", " + event.header().stream());
            line(text, "  who    ", event.header().author().orElse("unknown")
                    + event.header().authoredAt().map(time -> ", " + time).orElse(""));
            event.header().observedAt().ifPresent(time -> line(text, "  when   ", time.toString()));
            event.header().position().ifPresent(position -> line(text, "  where  ", where(position)));
            for (Citation citation : event.header().citations()) {
                line(text, "  cites  ", citation.identifier() + (citation.relation().isEmpty() ? "" : " (" + citation.relation() + ")"));
            }
            event.faults().forEach(fault -> line(text, "  fault  ", fault));
            line(text, "  log    ", "sequence " + event.sequence() + ", received "
                    + event.receivedAt().truncatedTo(ChronoUnit.SECONDS) + " from " + event.source());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String start, String value) {
        text.append(start).append(oneLine(value)).append('\n');
    }

    private static String where(SkyPosition position) {
        String where = String.format(Locale.ROOT, "longitude %.5f, latitude %.5f degrees", position.longitude(), position.latitude());
        String error = position.errorRadius().isPresent()
                ? String.format(Locale.ROOT, ", within %.5f", position.errorRadius().getAsDouble()) : "";
        return where + error + (position.frame().isEmpty() ? "" : " (" + position.frame() + ")");
    }

    private static String digest(String handler, List<BrokerEvent> events) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((handler + "\n").getBytes(StandardCharsets.UTF_8));
            for (BrokerEvent event : events) {
                sha256.update(MessageDigest.getInstance("SHA-256").digest(bytes(event.content())));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }
}
