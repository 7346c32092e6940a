package org.bolide.users;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Passwords as they stand in a file: PBKDF2 with HMAC-SHA-512 (RFC 8018, section 5.2), a salt for each, and so many rounds that
 * trying one out takes some tenths of a second. The text, {@code pbkdf2-sha512:ROUNDS:SALT:HASH}, has neither a comma nor anything that a
 * properties file would interpret.
 */
final class PasswordHash {

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";
    /** What OWASP's Password Storage Cheat Sheet asks for with this algorithm. */
    private static final int ROUNDS = 210_000;
    /** More than anybody will ever need; a text in the file cannot have the broker work for hours. */
    private static final int MAX_ROUNDS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern TEXT = Pattern.compile("pbkdf2-sha512:(\\d{1,8}):([A-Za-z0-9+/]{22,86}):([A-Za-z0-9+/]{43,86})");

    private PasswordHash() {}

    /** The text for a file. */
    static String of(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "pbkdf2-sha512:" + ROUNDS + ":" + base64.encodeToString(salt) + ":"
                + base64.encodeToString(derive(password, salt, ROUNDS, HASH_BYTES));
    }

    /** Whether the text is one of ours. */
    static boolean isHash(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() && Integer.parseInt(matcher.group(1)) > 0 && Integer.parseInt(matcher.group(1)) <= MAX_ROUNDS;
    }

    /** Whether the text was made of this password. */
    static boolean matches(char[] password, String text) {
        if (!isHash(text)) {
            return false;
        }
        Matcher matcher = TEXT.matcher(text);
        matcher.matches();
        byte[] salt = Base64.getDecoder().decode(matcher.group(2));
        byte[] hash = Base64.getDecoder().decode(matcher.group(3));
        return MessageDigest.isEqual(hash, derive(password, salt, Integer.parseInt(matcher.group(1)), hash.length));
    }

    private static byte[] derive(char[] password, byte[] salt, int rounds, int bytes) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, rounds, bytes * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        } finally {
            spec.clearPassword();
        }
    }
}
