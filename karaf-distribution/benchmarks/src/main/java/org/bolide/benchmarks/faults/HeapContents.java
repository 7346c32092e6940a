package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.bolide.testkit.Tools;

/** What lives on a JVM's heap after a full collection: {@code jcmd PID GC.class_histogram}. */
record HeapContents(String histogram) {

    static HeapContents of(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(Tools.find("jcmd", Path.of(System.getProperty("java.home"), "bin").toString()).toString(),
                Long.toString(pid), "GC.class_histogram").redirectErrorStream(true).start();
        String text;
        try (InputStream out = jcmd.getInputStream()) {
            text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd failed: " + text);
        }
        return new HeapContents(text);
    }

    long bytes() {
        String total = histogram.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
        return Long.parseLong(total.strip().split("\\s+")[2]);
    }

    boolean hasAny(Class<?> type) {
        return histogram.contains(type.getName());
    }
}
