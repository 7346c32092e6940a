package org.bolide.handler.mail;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

import javax.xml.namespace.QName;

import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.Outcome;
import org.bolide.api.SkyPosition;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class MailTest {

    private static final BrokerEvent FIRST = event(1, "ivo://example.org/stream#1", "<one/>");
    private static final BrokerEvent SECOND = event(2, "ivo://example.org/stream#2", "<two/>");
    private static final BrokerEvent THIRD = event(3, "ivo://example.org/stream#3", "<three/>");

    @TempDir
    Path folder;

    @Test
    void shouldTellOfAnEventAndAttachItByteForByte() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        EventHeader header = new EventHeader(new QName("VOEvent"), Optional.of("ivo://example.org/stream#1"),
                Optional.of("observation"), Optional.of("ivo://author.example/a"), Optional.of(Instant.parse("2026-11-22T07:00:00Z")),
                Optional.of(Instant.parse("2026-11-22T06:59:00Z")),
                Optional.of(new SkyPosition(83.6331, -22.0145, OptionalDouble.of(0.05), "UTC-FK5-GEO")),
                List.of(new Citation("ivo://example.org/stream#0", "followup")));
        try (PostOffice office = PostOffice.plain()) {
            assertEquals(Outcome.DONE, mail(office.port()).handle(TestEvent.of(42, header, bytes)));

            MimeMessage mail = office.mails.get(0);
            assertEquals("[observation] ivo://example.org/stream#1", mail.getSubject());
            assertEquals("Bolide <bolide@broker.example>", mail.getFrom()[0].toString());
            assertEquals("auto-generated", mail.getHeader("Auto-Submitted", null));
            assertEquals(List.of("duty@example.org", "night@example.org"), office.recipients);
            String text = text(mail);
            for (String line : List.of("ivo://example.org/stream#1", "  what   observation, ivo://example.org/stream",
                    "  who    ivo://author.example/a, 2026-11-22T07:00:00Z", "  when   2026-11-22T06:59:00Z",
                    "  where  longitude 83.63310, latitude -22.01450 degrees, within 0.05000 (UTC-FK5-GEO)",
                    "  cites  ivo://example.org/stream#0 (followup)")) {
                assertTrue(text.lines().toList().contains(line), line + " is not in:\n" + text);
            }
            assertTrue(text.contains("  log    sequence 42, received "), text);
            MimeBodyPart attachment = part(mail, 1);
            assertEquals("ivo_example.org_stream_1.xml", attachment.getFileName());
            assertArrayEquals(bytes, attachment.getInputStream().readAllBytes());
        }
    }

    @Test
    void shouldPutABatchIntoOneMailTheNewestAttachedFirst() throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            assertEquals(Outcome.DONE, mail(office.port(), 12).handle(List.of(FIRST, SECOND, THIRD)));

            MimeMessage mail = office.mails.get(0);
            assertEquals(1, office.mails.size());
            assertEquals("[test] ivo://example.org/stream#3 and 2 more", mail.getSubject());
            String text = text(mail);
            assertTrue(text.indexOf("stream#1\n") < text.indexOf("stream#2\n") && text.indexOf("stream#2\n") < text.indexOf("stream#3\n"));
            assertTrue(text.contains("The newest 1 are attached"), text);
            assertEquals(2, ((MimeMultipart) mail.getContent()).getCount());
            assertEquals("<three/>", new String(part(mail, 1).getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldAttachNothingWhenToldTo() throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            mail(office.port(), 0).handle(FIRST);

            assertEquals(1, ((MimeMultipart) office.mails.get(0).getContent()).getCount());
            assertTrue(text(office.mails.get(0)).contains("None is attached"), text(office.mails.get(0)));
        }
    }

    @Test
    void shouldWaitBetweenMails() throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            Mail mail = mail(server(office.port()), new Pace(Duration.ofSeconds(1), 100, System::nanoTime));
            mail.handle(List.of(FIRST));
            long begun = System.nanoTime();
            mail.handle(List.of(SECOND, THIRD));

            assertTrue(System.nanoTime() - begun >= 900_000_000L);
            assertEquals(2, office.mails.size());
        }
    }

    @Test
    void shouldSendNoMoreThanAllowedInAnHour() throws Exception {
        AtomicLong now = new AtomicLong();
        try (PostOffice office = PostOffice.plain(); CapturedLog log = new CapturedLog()) {
            Mail mail = mail(server(office.port()), new Pace(Duration.ZERO, 2, now::get));
            mail.handle(List.of(FIRST));
            mail.handle(List.of(SECOND));
            FutureTask<Outcome> third = inLane(() -> mail.handle(List.of(THIRD)));
            await().until(() -> log.text().contains("has reached its limit: 1 events wait 61 minutes"));
            assertEquals(2, office.mails.size());
            assertFalse(third.isDone());

            lane.interrupt(); // it goes: the event comes again, after the hour
            assertInstanceOf(InterruptedException.class, assertThrows(ExecutionException.class, third::get).getCause());
            now.set(Duration.ofHours(1).toNanos());
            assertEquals(Outcome.DONE, mail.handle(List.of(THIRD)));
            assertEquals(3, office.mails.size());
        }
    }

    @Test
    void shouldHoldTheEventsWhileTheServerIsAwayAndSendThemThen() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Mail mail = mail(port);
        IOException failure = assertThrows(IOException.class, () -> mail.handle(List.of(FIRST, SECOND)));
        assertTrue(failure.getMessage().startsWith("localhost:" + port + " has not accepted the mail"), failure.getMessage());

        try (PostOffice office = PostOffice.plainOn(port)) {
            assertEquals(Outcome.DONE, mail.handle(List.of(FIRST, SECOND)));
            assertEquals(1, office.mails.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {451, 552})
    void shouldNotBeDoneBeforeTheServerHasAccepted(int answer) throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            Mail mail = mail(office.port());
            office.dataAnswer = answer;
            IOException failure = assertThrows(IOException.class, () -> mail.handle(FIRST));
            assertTrue(failure.getMessage().contains(answer + " not now"), failure.getMessage());

            office.dataAnswer = 250;
            assertEquals(Outcome.DONE, mail.handle(FIRST));
            assertEquals(1, office.mails.size());
        }
    }

    @Test
    void shouldNotWaitForAServerThatHangs() throws Exception {
        try (PostOffice office = PostOffice.hanging()) {
            Server server = new Server("localhost", office.port(), Server.Security.NONE, Optional.empty(), Optional.empty(),
                    Optional.empty(), Duration.ofSeconds(1));
            IOException failure = assertThrows(IOException.class, () -> mail(server, pace()).handle(FIRST));

            assertTrue(failure.getMessage().contains("has not accepted the mail"), failure.getMessage());
        }
    }

    @Test
    void shouldMakeARepetitionAfterARestartRecognisable() throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            mail(office.port()).handle(List.of(FIRST, SECOND));
            mail(office.port()).handle(List.of(FIRST, SECOND)); // as after a crash, the same again
            mail(office.port()).handle(List.of(FIRST));

            String id = office.mails.get(0).getMessageID();
            assertTrue(id.matches("<[0-9a-f]{64}@broker\\.example>"), id);
            assertEquals(id, office.mails.get(1).getMessageID());
            assertNotEquals(id, office.mails.get(2).getMessageID(), "what has other events is another mail");
        }
    }

    @Test
    void shouldLeaveWhenItIsReplaced() throws Exception {
        try (PostOffice office = PostOffice.hanging()) {
            Mail mail = mail(office.port());
            FutureTask<Outcome> call = inLane(() -> mail.handle(List.of(FIRST)));
            await().until(() -> Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("mail-smtp")));
            lane.interrupt();

            assertInstanceOf(InterruptedException.class, assertThrows(ExecutionException.class, call::get).getCause());
        }
    }

    @Test
    void shouldMailTheOthersWhenOneAddressIsWrong() throws Exception {
        try (PostOffice office = PostOffice.plain(); CapturedLog log = new CapturedLog()) {
            Mail mail = new Mail("mail", "bolide@broker.example", new String[] {"gone@example.org", "duty@example.org"}, "{ivoid}",
                    server(office.port()), pace(), 0);

            assertEquals(Outcome.DONE, mail.handle(FIRST));

            assertEquals(List.of("duty@example.org"), office.recipients);
            assertTrue(log.lines().stream().anyMatch(line -> line.contains("WARN") && line.contains("has refused [gone@example.org] (")), log.text());
        }
    }

    @Test
    void shouldFailWhenNobodyGetsTheMail() throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            Mail mail = new Mail("mail", "bolide@broker.example", new String[] {"gone@example.org"}, "{ivoid}",
                    server(office.port()), pace(), 0);

            IOException failure = assertThrows(IOException.class, () -> mail.handle(FIRST));

            assertTrue(failure.getMessage().contains("550 no such user"), failure.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"STARTTLS, STARTTLS", "TLS, TLS"})
    void shouldTrustNoServerThatNobodyHasSignedUnlessToldTo(PostOffice.Kind kind, Server.Security security) throws Exception {
        try (PostOffice office = PostOffice.of(kind, PostOffice.selfSigned(folder))) {
            IOException failure = assertThrows(IOException.class,
                    () -> mail(server(office, security, "localhost", Optional.empty(), ""), pace()).handle(FIRST));
            assertTrue(failure.getMessage().contains("PKIX"), failure.getMessage());
            assertEquals(0, office.mails.size());

            Optional<Path> trusted = Optional.of(folder.resolve("keys.pem"));
            IOException other = assertThrows(IOException.class,
                    () -> mail(server(office, security, "127.0.0.1", trusted, ""), pace()).handle(FIRST));
            assertTrue(other.getMessage().contains("127.0.0.1"), "the certificate is for localhost: " + other.getMessage());

            assertEquals(Outcome.DONE, mail(server(office, security, "localhost", trusted, ""), pace()).handle(FIRST));
            assertEquals(1, office.mails.size());
        }
    }

    @Test
    void shouldSayNothingToAServerThatDoesNotOfferStarttls() throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            IOException failure = assertThrows(IOException.class, () ->
                    mail(server(office, Server.Security.STARTTLS, "localhost", Optional.empty(), ""), pace()).handle(FIRST));

            assertTrue(failure.getMessage().contains("STARTTLS is required"), failure.getMessage());
        }
    }

    @Test
    void shouldLogInAndTakeANewPasswordAtOnce() throws Exception {
        try (PostOffice office = PostOffice.of(PostOffice.Kind.LOGIN, PostOffice.selfSigned(folder)); CapturedLog log = new CapturedLog()) {
            Mail mail = mail(server(office, Server.Security.STARTTLS, "localhost", Optional.of(folder.resolve("keys.pem")), "wrong"), pace());
            IOException failure = assertThrows(IOException.class, () -> mail.handle(FIRST));
            assertTrue(failure.getMessage().contains("535"), failure.getMessage());

            Files.writeString(folder.resolve("password"), "pässword\n");
            assertEquals(Outcome.DONE, mail.handle(FIRST));

            assertEquals(1, office.mails.size());
            assertFalse(log.text().contains("pässword") || log.text().contains("wrong"), log.text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ivo://x/y#a\r\nBcc: evil@example.org\r\n\r\nevil", "ivo://x/y#\u2028ä\u0000€", "\r\n.\r\nQUIT\r\n"})
    void shouldLetNoEventWriteHeadersOrLines(String ivoid) throws Exception {
        try (PostOffice office = PostOffice.plain()) {
            Mail mail = new Mail("mail", "bolide@broker.example", new String[] {"duty@example.org"}, "{ivoid} {stream} {role} {author}",
                    server(office.port()), pace(), 1_000_000);
            assertEquals(Outcome.DONE, mail.handle(event(1, ivoid, "<event/>")));

            MimeMessage message = office.mails.get(0);
            assertNull(message.getHeader("Bcc"));
            assertEquals(List.of("duty@example.org"), office.recipients);
            assertTrue(message.getSubject().startsWith(Letter.oneLine(ivoid)), message.getSubject());
            assertEquals(6, text(message).lines().count(), text(message));
            assertEquals(2, ((MimeMultipart) message.getContent()).getCount());
        }
    }

    @ParameterizedTest
    @CsvSource({"from, nobody", "from, 'a@b.example, c@d.example'", "from, ''", "to, '<>'", "to, 'a b@example.org'", "subject, '{body}'"})
    void shouldRefuseWhatCannotBe(String key, String value) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> new Mail("mail",
                key.equals("from") ? value : "bolide@broker.example", new String[] {key.equals("to") ? value : "duty@example.org"},
                key.equals("subject") ? value : "{ivoid}", server(25), pace(), 0));

        assertTrue(failure.getMessage().startsWith(key + " in org.bolide.handler.mail has "), failure.getMessage());
    }

    @Test
    void shouldNotSendAPasswordInTheClear() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> new Server("localhost", 25,
                Server.Security.NONE, Optional.of("bolide"), Optional.of(folder.resolve("password")), Optional.empty(), Duration.ZERO));

        assertTrue(failure.getMessage().contains("not sent in the clear"), failure.getMessage());
    }

    @Test
    void shouldSayAtOnceWhichFileIsMissing() {
        try (CapturedLog log = new CapturedLog()) {
            mail(new Server("localhost", 465, Server.Security.TLS, Optional.of("bolide"), Optional.of(folder.resolve("nosuch")),
                    Optional.empty(), Duration.ofSeconds(1)), pace());

            assertTrue(log.lines().stream().anyMatch(line -> line.contains("WARN") && line.contains("passwordFile cannot be read")
                    && line.contains("nosuch")), log.text());
        }
    }

    private Thread lane;

    private FutureTask<Outcome> inLane(java.util.concurrent.Callable<Outcome> work) {
        FutureTask<Outcome> task = new FutureTask<>(work);
        lane = new Thread(task, "lane-mail");
        lane.start();
        return task;
    }

    private static BrokerEvent event(long sequence, String ivoid, String text) {
        return TestEvent.of(sequence, ivoid, text);
    }

    private static Pace pace() {
        return new Pace(Duration.ZERO, 1000, System::nanoTime);
    }

    private static Server server(int port) {
        return new Server("localhost", port, Server.Security.NONE, Optional.empty(), Optional.empty(), Optional.empty(),
                Duration.ofSeconds(30));
    }

    private Server server(PostOffice office, Server.Security security, String host, Optional<Path> trusted, String password)
            throws IOException {
        Optional<String> user = password.isEmpty() ? Optional.empty() : Optional.of("bolide");
        Path file = Files.writeString(folder.resolve("password"), password);
        return new Server(host, office.port(), security, user, user.map(name -> file), trusted, Duration.ofSeconds(30));
    }

    private static Mail mail(int port) {
        return mail(server(port), pace());
    }

    private static Mail mail(int port, long maxAttachmentBytes) {
        return new Mail("mail", "bolide@broker.example", new String[] {"duty@example.org"}, "[{role}] {ivoid}", server(port), pace(),
                maxAttachmentBytes);
    }

    private static Mail mail(Server server, Pace pace) {
        return new Mail("mail", "Bolide <bolide@broker.example>", new String[] {"duty@example.org", "Night <night@example.org>"},
                "[{role}] {ivoid}", server, pace, 1_000_000);
    }

    private static MimeBodyPart part(MimeMessage mail, int number) throws Exception {
        return (MimeBodyPart) ((MimeMultipart) mail.getContent()).getBodyPart(number);
    }

    private static String text(MimeMessage mail) throws Exception {
        return ((String) part(mail, 0).getContent()).replace("\r\n", "\n");
    }
}
