package org.bolide.handler.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;

/**
 * The mail server and how to get in. Files are read for each mail, so that a new password takes effect at once.
 *
 * @param user empty: the server is not told who we are
 * @param trustFile certificates in PEM; empty: the server's must be signed by an authority that Java trusts
 * @param timeLimit for the connection, and for each answer
 */
record Server(String host, int port, Security security, Optional<String> user, Optional<Path> passwordFile,
        Optional<Path> trustFile, Duration timeLimit) {

    enum Security {
        /** The connection begins in the clear and must become TLS before anything is said (RFC 3207). */
        STARTTLS,
        /** TLS from the first byte (RFC 8314, section 3.3). */
        TLS,
        NONE;

        static Security of(String text) {
            return switch (text) {
                case "starttls" -> STARTTLS;
                case "tls" -> TLS;
                case "none" -> NONE;
                default -> throw new IllegalArgumentException(
                        "security = " + text + " in org.bolide.handler.mail: use starttls, tls or none");
            };
        }
    }

    Server {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host is missing in org.bolide.handler.mail: give the mail server");
        }
        if (user.isPresent() != passwordFile.isPresent()) {
            throw new IllegalArgumentException("user and passwordFile in org.bolide.handler.mail belong together: give both or none");
        }
        if (user.isPresent() && security == Security.NONE) {
            throw new IllegalArgumentException(
                    "a password is not sent in the clear: set security in org.bolide.handler.mail to starttls or tls");
        }
    }

    /** Returns when the server has accepted the mail for at least one recipient, or throws. Blocks. */
    void accept(MimeMessage mail) throws MessagingException, IOException {
        String password = password();
        try (Transport transport = session().getTransport("smtp")) {
            transport.connect(host, port, user.orElse(null), user.isPresent() ? password : null);
            transport.sendMessage(mail, mail.getAllRecipients());
        }
    }

    /** Whether the files can be used. */
    void check() throws IOException {
        password();
        trusted();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    private String password() throws IOException {
        try {
            return passwordFile.isEmpty() ? "" : Files.readString(passwordFile.get()).strip();
        } catch (IOException e) {
            throw new IOException("passwordFile cannot be read (" + e + ")", e);
        }
    }

    private Session session() throws IOException {
        Properties settings = new Properties();
        settings.put("mail.smtp.ssl.enable", String.valueOf(security == Security.TLS));
        settings.put("mail.smtp.starttls.enable", String.valueOf(security == Security.STARTTLS));
        settings.put("mail.smtp.starttls.required", String.valueOf(security == Security.STARTTLS));
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        settings.put("mail.smtp.auth", String.valueOf(user.isPresent()));
        // One wrong address must not keep the alert from all others.
        settings.put("mail.smtp.sendpartial", "true");
        for (String limit : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            settings.put("mail.smtp." + limit, String.valueOf(timeLimit.toMillis()));
        }
        Optional<SSLContext> trusted = trusted();
        if (trusted.isPresent()) {
            settings.put("mail.smtp.ssl.socketFactory", trusted.get().getSocketFactory());
        }
        return Session.getInstance(settings);
    }

    private Optional<SSLContext> trusted() throws IOException {
        if (trustFile.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(trustFile.get())) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry(String.valueOf(trusted.size()), each);
            }
            if (trusted.size() == 0) {
                throw new IOException("it holds no certificate");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException("trustFile " + trustFile.get() + " cannot be used (" + e + "): it must hold certificates in PEM", e);
        }
    }
}
