package org.bolide.handler.httppost;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of the Standard Webhooks specification 1.0.0 ("Signature scheme", symmetric): HMAC-SHA256 over identifier, time
 * and body, joined by full stops.
 */
final class Signature {

    private static final String PREFIX = "whsec_";
    private static final int FEWEST_BYTES = 24;

    private Signature() {
    }

    /**
     * Reads a secret: one line, {@code whsec_} and Base64.
     *
     * @throws IOException naming the file, and what must be in it, but nothing of what is in it
     */
    static byte[] secret(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        byte[] secret = {};
        try {
            secret = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "");
        } catch (IllegalArgumentException e) {
            secret = new byte[0]; // told below, without the text: it may be a secret with a slip
        }
        if (secret.length < FEWEST_BYTES) {
            throw new IOException(file + " does not hold " + PREFIX + " and the Base64 of at least " + FEWEST_BYTES
                    + " bytes; make one with: echo " + PREFIX + "$(openssl rand -base64 32)");
        }
        return secret;
    }

    /** The value of the header {@code webhook-signature}. */
    static String of(byte[] secret, String id, long epochSeconds, ByteBuffer body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((id + "." + epochSeconds + ".").getBytes(StandardCharsets.UTF_8));
            mac.update(body);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
