package org.bolide.web.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

import org.bolide.web.Described;
import org.bolide.web.http.TestPage.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionEndpointTest {

    private static final String PATH = "/api/v1/session";

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private int looked;
    private final TestPage page = new TestPage(Clock.systemUTC());

    private Optional<Set<String>> roles(String user, String password) {
        looked++;
        return !password.equals("right") ? Optional.empty() : Optional.of(user.equals("ada") ? Set.of("admin", "viewer") : user.equals("vera") ? Set.of("viewer") : Set.of("other"));
    }

    @BeforeEach
    void open() throws Exception {
        page.with("/session", new SessionEndpoint(page.sessions, this::roles, new LoginPace(() -> now))).start();
    }

    @AfterEach
    void close() {
        page.close();
    }

    private Answer logIn(String user, String password, String... headers) throws Exception {
        return page.post(PATH, Json.TYPE, "{\"user\":\"" + user + "\",\"password\":\"" + password + "\"}", headers);
    }

    private static String cookie(Answer answer) {
        return answer.header("Set-Cookie").replaceFirst(";.*", "");
    }

    @Test
    void shouldLogInAndOut() throws Exception {
        assertEquals("{\"local\":true,\"mayLook\":true,\"mayChange\":false}", page.get(PATH).body());

        Answer in = logIn("ada", "right");
        assertEquals("{\"user\":\"ada\",\"role\":\"admin\",\"local\":true,\"mayLook\":true,\"mayChange\":true}", in.body());
        assertTrue(in.header("Set-Cookie").matches("bolide-session=[A-Za-z0-9_-]{32}; Path=/; HttpOnly; SameSite=Strict"), in.header("Set-Cookie"));
        assertEquals(in.body(), page.send(page.request(PATH).header("Cookie", cookie(in))).body());

        Answer out = page.send(page.request(PATH).DELETE().header("Cookie", cookie(in)));
        assertEquals("{\"local\":true,\"mayLook\":true,\"mayChange\":false}", out.body());
        assertTrue(out.header("Set-Cookie").contains("Max-Age=0"));
        assertFalse(page.send(page.request(PATH).header("Cookie", cookie(in))).body().contains("ada"), "the old cookie is worth nothing");
    }

    @Test
    void shouldLetAViewerLookAndNoMore() throws Exception {
        assertTrue(logIn("vera", "right").body().contains("\"role\":\"viewer\",\"local\":true,\"mayLook\":true,\"mayChange\":false"));
        assertEquals(401, logIn("otto", "right").status(), "a user without a role of ours");
    }

    @Test
    void shouldTakeAnewSecretAtEachLogin() throws Exception {
        String first = cookie(logIn("ada", "right"));
        String second = cookie(logIn("ada", "right", "Cookie", first));

        assertNotEquals(first, second);
        assertFalse(page.send(page.request(PATH).header("Cookie", first)).body().contains("ada"), "the session before is over");
    }

    @Test
    void shouldNotTakeASecretThatIsBroughtAlong() throws Exception {
        String brought = "bolide-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assertNotEquals(brought, cookie(logIn("ada", "right", "Cookie", brought)));
        assertFalse(page.send(page.request(PATH).header("Cookie", brought)).body().contains("ada"));
    }

    @Test
    void shouldMakeGuessersWait() throws Exception {
        for (int i = 0; i < LoginPace.FREE_TRIES; i++) {
            Answer wrong = logIn("ada", "wrong" + i);
            assertEquals(401, wrong.status());
            assertEquals("the name or the password is wrong", wrong.error());
        }
        int before = looked;
        Answer slowed = logIn("ada", "right");
        assertEquals(429, slowed.status(), "even the right one");
        assertEquals("2", slowed.header("Retry-After"));
        assertEquals(before, looked, "and nobody looked");

        now = now.plusSeconds(2);
        assertEquals(200, logIn("ada", "right").status());
    }

    @Test
    void shouldMakeThemWaitLongerEachTimeUpToAMinuteAndByAddress() {
        LoginPace pace = new LoginPace(() -> now);
        for (int i = 0; i < 20; i++) {
            pace.failed("192.0.2.7");
        }
        assertEquals(LoginPace.LONGEST, pace.toWait("192.0.2.7"));
        assertEquals(Duration.ZERO, pace.toWait("192.0.2.8"));
        for (int i = 0; i < 1000; i++) {
            pace.failed("10.0.0." + i);
        }
        assertEquals(Duration.ZERO, pace.toWait("192.0.2.7"), "a bounded number is remembered");
    }

    @Test
    void shouldTellApartWhomAProxyBrings() throws Exception {
        for (int i = 0; i < LoginPace.FREE_TRIES; i++) {
            logIn("ada", "wrong", "X-Forwarded-For", "10.9.9.9, 192.0.2.7");
        }
        assertEquals(429, logIn("ada", "right", "X-Forwarded-For", "10.8.8.8, 192.0.2.7").status());
        assertEquals(200, logIn("ada", "right", "X-Forwarded-For", "192.0.2.8").status());
    }

    @Test
    void shouldMarkTheCookieWhereTlsEndsAtAProxy() throws Exception {
        assertTrue(logIn("ada", "right", "X-Forwarded-Proto", "https").header("Set-Cookie").endsWith("; SameSite=Strict; Secure"));
    }

    @Test
    void shouldAnswerAsDescribed() throws Exception {
        Described described = new Described();
        described.check("GET", "/session", 200, page.get(PATH).json());
        described.check("POST", "/session", 200, logIn("ada", "right").json());
        described.check("POST", "/session", 401, logIn("ada", "wrong").json());
        described.check("DELETE", "/session", 200, page.send(page.request(PATH).DELETE()).json());
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        assertEquals(400, page.post(PATH, Json.TYPE, "{\"user\":\"ada\"}").status());
        assertEquals(400, page.post(PATH, Json.TYPE, "[]").status());
        assertEquals(400, page.post(PATH, Json.TYPE, "{").status());
        assertEquals(400, page.post(PATH, Json.TYPE, "[".repeat(100_000)).status());
        assertEquals(413, page.post(PATH, Json.TYPE, "{\"user\":\"" + "x".repeat(200_000) + "\"}").status());
        assertEquals(0, looked);
    }
}
