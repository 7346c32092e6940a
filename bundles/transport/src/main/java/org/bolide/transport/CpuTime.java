package org.bolide.transport;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What a thread has worked, without what it waited for a core: on a busy machine work must not look costlier than it is. */
final class CpuTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean MEASURED = THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

    private CpuTime() {
    }

    /** In nanoseconds since some point in time; where the machine does not measure it, the time that has passed. */
    static long ofThisThread() {
        return MEASURED ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
