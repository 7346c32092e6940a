package org.bolide.web.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.bolide.web.http.Sessions.Login;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class SessionsTest {

    private static final Login ADA = new Login("ada", true);

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final Sessions sessions = new Sessions(() -> now);

    @Test
    void shouldGiveEachLoginASecretOfItsOwn() {
        String first = sessions.begin(ADA);
        String second = sessions.begin(ADA);

        assertNotEquals(first, second);
        assertEquals(32, first.length());
        sessions.end(first);
        assertEquals(Optional.empty(), sessions.find(first));
        assertEquals(Optional.of(ADA), sessions.find(second));
    }

    @Test
    void shouldEndWhatIsNotUsed() {
        String secret = sessions.begin(ADA);
        now = now.plus(Sessions.IDLE);
        assertEquals(Optional.of(ADA), sessions.find(secret));
        now = now.plus(Sessions.IDLE).plusSeconds(1);
        assertEquals(Optional.empty(), sessions.find(secret));
    }

    @Test
    void shouldEndEverySessionOnceADay() {
        String secret = sessions.begin(ADA);
        for (Duration time = Duration.ZERO; time.compareTo(Sessions.LONGEST) <= 0; time = time.plusMinutes(20)) {
            assertEquals(Optional.of(ADA), sessions.find(secret));
            now = now.plus(Duration.ofMinutes(20));
        }
        assertEquals(Optional.empty(), sessions.find(secret));
    }

    @Test
    void shouldEndTheOneIdleLongestWhenThereAreTooMany() {
        String first = sessions.begin(ADA);
        now = now.plusSeconds(1);
        String second = sessions.begin(ADA);
        now = now.plusSeconds(1);
        sessions.find(first);
        for (int i = 2; i <= Sessions.MAX; i++) {
            sessions.begin(ADA);
        }
        assertEquals(Optional.of(ADA), sessions.find(first));
        assertEquals(Optional.empty(), sessions.find(second));
    }
}
