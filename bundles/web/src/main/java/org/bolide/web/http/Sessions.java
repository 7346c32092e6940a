package org.bolide.web.http;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is logged in, by the secret in the browser's cookie. In memory: a restart logs everybody out. At most a fixed number; a further
 * login ends the session that has been idle longest. Safe for any number of threads.
 */
final class Sessions {

    static final String COOKIE = "bolide-session";

    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration LONGEST = Duration.ofHours(12);
    static final int MAX = 200;

    private static final int SECRET_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final Map<String, Session> sessions = new HashMap<>();

    Sessions(InstantSource clock) {
        this.clock = clock;
    }

    /** A user who has logged in. */
    record Login(String user, boolean isAdmin) {}

    private static final class Session {

        private final Login login;
        private final Instant begun;
        private Instant used;

        Session(Login login, Instant now) {
            this.login = login;
            begun = now;
            used = now;
        }

        boolean isOver(Instant now) {
            return now.isAfter(used.plus(IDLE)) || now.isAfter(begun.plus(LONGEST));
        }
    }

    /** Begins a session; returns its secret, which was never used before. */
    synchronized String begin(Login login) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> session.isOver(now));
        if (sessions.size() >= MAX) {
            sessions.entrySet().stream()
                    .min(Comparator.comparing(entry -> entry.getValue().used))
                    .map(Map.Entry::getKey)
                    .ifPresent(sessions::remove);
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String name = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        sessions.put(name, new Session(login, now));
        return name;
    }

    /** The session of this secret, if it is not over; it begins to be idle anew. */
    synchronized Optional<Login> find(String secret) {
        Session session = sessions.get(secret);
        Instant now = clock.instant();
        if (session == null || session.isOver(now)) {
            sessions.remove(secret);
            return Optional.empty();
        }
        session.used = now;
        return Optional.of(session.login);
    }

    synchronized void end(String secret) {
        sessions.remove(secret);
    }
}
