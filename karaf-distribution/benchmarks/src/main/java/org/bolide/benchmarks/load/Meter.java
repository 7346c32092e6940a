package org.bolide.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.sun.management.OperatingSystemMXBean;

/**
 * What a run costs: the broker's CPU time and memory, the generator's CPU time, and what everything else on the machine
 * took, from {@code /proc}. Where that is not (another system, no pid, a broker that is gone) the figures are NaN.
 */
final class Meter implements Closeable {

    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
    private static final int SAMPLE_MILLIS = 100;
    private static final long PAGE_BYTES = 4096;
    private static final OperatingSystemMXBean SELF =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final OptionalLong pid;
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "load-meter");
        thread.setDaemon(true);
        return thread;
    });
    private final long begun = System.nanoTime();
    private final double brokerBegun;
    private final double selfBegun = self();
    private final double machineBegun = machine();
    private final double firstMegabytes;
    private volatile double mostMegabytes;

    /**
     * Figures of a run.
     *
     * @param seconds wall clock
     * @param brokerSeconds CPU time of the broker
     * @param generatorCores cores that the generator used by the average
     * @param otherCores cores that everything else on the machine used
     * @param firstMegabytes the broker's resident memory at the beginning, then the most, then at the end
     */
    record Reading(double seconds, double brokerSeconds, double generatorCores, double otherCores, double firstMegabytes,
            double mostMegabytes, double lastMegabytes) {}

    Meter(OptionalLong pid) {
        this.pid = pid;
        brokerBegun = broker();
        firstMegabytes = megabytes();
        mostMegabytes = firstMegabytes;
        sampler.scheduleAtFixedRate(this::sample, SAMPLE_MILLIS, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
    }

    Reading read() {
        double last = megabytes();
        double seconds = (System.nanoTime() - begun) / 1e9;
        double broker = broker() - brokerBegun;
        double self = self() - selfBegun;
        double other = machine() - machineBegun - self - (Double.isNaN(broker) ? 0 : broker);
        return new Reading(seconds, broker, self / seconds, Math.max(0, other / seconds), firstMegabytes,
                Math.max(mostMegabytes, last), last);
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }

    /** The number of descriptors that a process may have open; empty where it is not known. */
    static OptionalLong descriptorLimit(long pid) {
        for (String line : lines(Path.of("/proc", Long.toString(pid), "limits"))) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split("\\s+")[0];
                return OptionalLong.of(soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft));
            }
        }
        return OptionalLong.empty();
    }

    private void sample() {
        mostMegabytes = Math.max(mostMegabytes, megabytes());
    }

    private double broker() {
        if (pid.isEmpty()) {
            return Double.NaN;
        }
        List<String> lines = lines(Path.of("/proc", Long.toString(pid.getAsLong()), "stat"));
        if (lines.isEmpty()) {
            return Double.NaN;
        }
        // Its name, in parentheses, may hold anything; user and system time are fields 14 and 15.
        String[] fields = lines.get(0).substring(lines.get(0).lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private double megabytes() {
        if (pid.isEmpty()) {
            return Double.NaN;
        }
        List<String> lines = lines(Path.of("/proc", Long.toString(pid.getAsLong()), "statm"));
        return lines.isEmpty() ? Double.NaN : Long.parseLong(lines.get(0).split(" ")[1]) * PAGE_BYTES / (double) (1 << 20);
    }

    private static double self() {
        return SELF.getProcessCpuTime() / 1e9;
    }

    private static double machine() {
        List<String> lines = lines(Path.of("/proc/stat"));
        if (lines.isEmpty()) {
            return Double.NaN;
        }
        String[] fields = lines.get(0).strip().split("\\s+");
        double ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) { // all but idle (4) and waiting for disks (5)
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // no such system, or no such process any more: the figure is empty
        }
    }
}
