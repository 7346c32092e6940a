package org.bolide.benchmarks.load;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one has to know of the place and the time of a measurement. */
final class Machine {

    private Machine() {
    }

    static Map<String, String> describe() throws InterruptedException {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        head.put("machine", "%d cores, %s, %s memory, %s %s".formatted(Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"), field("/proc/meminfo", "MemTotal"), System.getProperty("os.name"),
                System.getProperty("os.version")));
        head.put("java", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
        String here = home().toString();
        head.put("commit", Commands.output("git", "-C", here, "describe", "--always", "--dirty").orElse("unknown"));
        return head;
    }

    /** The folder in which this benchmark was built. */
    static Path home() {
        try {
            Path code = Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return code.getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String field(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // not Linux
        }
    }
}
