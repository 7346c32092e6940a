package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks other programs: what they print, where they are there and succeed. */
final class Commands {

    private Commands() {
    }

    static Optional<String> output(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(out.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there is no such program
        }
    }

    /** The live heap of a Java process in KB, after a full collection; empty where jcmd cannot tell. */
    static OptionalInt liveHeapKilobytes(long pid) throws InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        return output(jcmd, Long.toString(pid), "GC.class_histogram").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Total"))
                .mapToInt(line -> (int) (Long.parseLong(line.strip().split("\\s+")[2]) >> 10))
                .findFirst();
    }
}
