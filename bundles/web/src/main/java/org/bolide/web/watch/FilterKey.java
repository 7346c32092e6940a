package org.bolide.web.watch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The key that whoever registers a filter gets to delete it again. Only its digest is kept. */
final class FilterKey {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private FilterKey() {}

    /** A new key: 22 characters that need no quotes anywhere. */
    static String make() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** What is kept of a key. It is random and long enough that one round, without salt, cannot be turned back. */
    static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether this is the key, in a time that tells nothing of it. */
    static boolean fits(String key, String digest) {
        return MessageDigest.isEqual(digest(key).getBytes(StandardCharsets.UTF_8), digest.getBytes(StandardCharsets.UTF_8));
    }
}
