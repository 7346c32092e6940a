package org.bolide.transport;

import org.slf4j.Logger;

/**
 * Lines of the log that strangers can cause, as fast as they like: so many within so many seconds are written, the others
 * only at the level DEBUG, and how many those were is said with the next. Safe for any number of threads.
 */
final class PacedLog {

    private static final int LINES = 100;
    private static final int SECONDS = 10;

    private final Logger log;
    private final String name;
    private final Pace pace = new Pace(LINES, SECONDS);

    /** @param name of the component, for the line that says how many were left out */
    PacedLog(Logger log, String name) {
        this.log = log;
        this.name = name;
    }

    void info(String format, Object... arguments) {
        if (may()) {
            log.info(format, arguments);
        } else {
            log.debug(format, arguments);
        }
    }

    void warn(String format, Object... arguments) {
        if (may()) {
            log.warn(format, arguments);
        } else {
            log.debug(format, arguments);
        }
    }

    private boolean may() {
        boolean may = pace.may();
        long leftOut = may ? pace.leftOut() : 0;
        if (leftOut > 0) {
            log.info("{}: {} lines about peers were left out (not more than {} are written within {} s)", name, leftOut, LINES, SECONDS);
        }
        return may;
    }
}
