package org.bolide.web.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who logs in in vain must wait, each time longer, before the next try is even looked at. By address; at most a fixed number is
 * remembered. Safe for any number of threads.
 */
final class LoginPace {

    static final int FREE_TRIES = 3;
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int MAX_ADDRESSES = 1000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    private final InstantSource clock;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();

    private record Failures(int count, Instant last) {

        Instant next() {
            long seconds = count < FREE_TRIES ? 0 : Math.min(LONGEST.toSeconds(), 1L << Math.min(10, count - FREE_TRIES));
            return last.plusSeconds(seconds);
        }
    }

    LoginPace(InstantSource clock) {
        this.clock = clock;
    }

    /** How long this address has to wait for its next try. */
    synchronized Duration toWait(String address) {
        Failures failures = byAddress.get(address);
        Duration left = failures == null ? Duration.ZERO : Duration.between(clock.instant(), failures.next());
        return left.isNegative() ? Duration.ZERO : left;
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        byAddress.values().removeIf(failures -> failures.last.plus(FORGOTTEN_AFTER).isBefore(now));
        Failures before = byAddress.remove(address);
        byAddress.put(address, new Failures(before == null ? 1 : before.count + 1, now));
        Iterator<String> oldest = byAddress.keySet().iterator();
        if (byAddress.size() > MAX_ADDRESSES) {
            oldest.next();
            oldest.remove();
        }
    }

    synchronized void succeeded(String address) {
        byAddress.remove(address);
    }
}
