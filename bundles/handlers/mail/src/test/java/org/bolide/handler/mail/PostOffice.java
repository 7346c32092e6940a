package org.bolide.handler.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** A real SMTP server that keeps what it accepts. It refuses {@code gone@example.org}, and whom or what else it is told to. */
final class PostOffice implements AutoCloseable {

    enum Kind { PLAIN, STARTTLS, TLS, LOGIN }

    final List<MimeMessage> mails = new CopyOnWriteArrayList<>();
    final List<String> recipients = new CopyOnWriteArrayList<>();
    final CountDownLatch gate;
    volatile int dataAnswer = 250;
    private final SMTPServer server;

    private PostOffice(Kind kind, int port, SSLContext keys, boolean hanging) {
        gate = new CountDownLatch(hanging ? 1 : 0);
        SMTPServer.Builder builder = SMTPServer.port(port).bindAddress(InetAddress.getLoopbackAddress())
                .messageHandlerFactory(Clerk::new);
        switch (kind) {
            case PLAIN -> builder.enableTLS(false);
            case TLS -> builder.serverSocketFactory(keys);
            case STARTTLS -> builder.startTlsSocketFactory(keys, false).enableTLS().requireTLS();
            case LOGIN -> builder.startTlsSocketFactory(keys, false).enableTLS().requireTLS().requireAuth()
                    .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory(PostOffice::login));
        }
        server = builder.build();
        server.start();
    }

    static PostOffice plain() {
        return new PostOffice(Kind.PLAIN, 0, null, false);
    }

    static PostOffice plainOn(int port) {
        return new PostOffice(Kind.PLAIN, port, null, false);
    }

    static PostOffice hanging() {
        return new PostOffice(Kind.PLAIN, 0, null, true);
    }

    static PostOffice of(Kind kind, Path keys) throws Exception {
        return new PostOffice(kind, 0, context(keys), false);
    }

    int port() {
        return server.getPortAllocated();
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop();
    }

    private static void login(String user, String password, MessageContext context) throws LoginFailedException {
        if (!user.equals("bolide") || !password.equals("pässword")) {
            throw new LoginFailedException();
        }
    }

    /** Keys for localhost that nobody but themselves has signed; the certificate is in the file keys.pem beside them. */
    static Path selfSigned(Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=DNS:localhost",
                "-storepass", "changeit", "-keystore", keys.toString());
        keytool("-exportcert", "-rfc", "-alias", "server", "-storepass", "changeit", "-keystore", keys.toString(),
                "-file", folder.resolve("keys.pem").toString());
        return keys;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
    }

    private static SSLContext context(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private final class Clerk implements MessageHandler {

        private final List<String> to = new ArrayList<>();

        private Clerk(MessageContext context) {
        }

        @Override
        public void from(String from) {
            to.clear();
        }

        @Override
        public void recipient(String recipient) throws RejectException {
            if (recipient.equals("gone@example.org")) {
                throw new RejectException(550, "no such user");
            }
            to.add(recipient);
        }

        @Override
        public String data(InputStream data) throws RejectException, IOException {
            byte[] bytes = data.readAllBytes();
            try {
                gate.await();
                if (dataAnswer != 250) {
                    throw new RejectException(dataAnswer, "not now");
                }
                recipients.addAll(to);
                mails.add(new MimeMessage(Session.getInstance(new java.util.Properties()), new ByteArrayInputStream(bytes)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (MessagingException e) {
                throw new IOException(e);
            }
            return null;
        }

        @Override
        public void done() {
            to.clear();
        }
    }
}
