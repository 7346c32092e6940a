package org.bolide.users;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PasswordHashTest {

    @Test
    void shouldKnowItsOwnPasswordAndNoOther() {
        String text = PasswordHash.of("correct horse".toCharArray());
        assertTrue(PasswordHash.isHash(text), text);
        assertTrue(PasswordHash.matches("correct horse".toCharArray(), text));
        assertFalse(PasswordHash.matches("correct horsf".toCharArray(), text));
        assertFalse(PasswordHash.matches(new char[0], text));
    }

    @Test
    void shouldSaltEachOne() {
        assertNotEquals(PasswordHash.of("correct horse".toCharArray()), PasswordHash.of("correct horse".toCharArray()));
    }

    @Test
    void shouldAgreeWithAnotherImplementation() {
        // Python: base64.b64encode(hashlib.pbkdf2_hmac("sha512", b"Stra\xc3\x9fe 42", b"0123456789abcdef", 1000, 32))
        assertTrue(PasswordHash.matches("Straße 42".toCharArray(),
                "pbkdf2-sha512:1000:MDEyMzQ1Njc4OWFiY2RlZg:HPWqH9bbkqBa47sK5uVknk6QkA5xm5czuA5m+8e9eMk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "{CRYPT}5EBE2294{CRYPT}", "pbkdf2-sha512:0:MDEyMzQ1Njc4OWFiY2RlZg:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        "pbkdf2-sha512:99999999:MDEyMzQ1Njc4OWFiY2RlZg:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"})
    void shouldLetNobodyInWithWhatIsNoHash(String text) {
        assertFalse(PasswordHash.isHash(text));
        assertFalse(PasswordHash.matches(text.toCharArray(), text));
    }
}
