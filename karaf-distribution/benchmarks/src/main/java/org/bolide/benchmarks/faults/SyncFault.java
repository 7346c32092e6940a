package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.bolide.testkit.Tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** No fault but the thing itself: each acknowledgement leaves after a write to the log's file that was followed by a completed sync, as the kernel sees it. */
final class SyncFault implements Fault {
    private static final Amount EVENTS = new Amount("sync-events", 300, 5000);
    private static final Pattern WRITE = Pattern.compile("^\\d+ +p?write(64|v)?\\(\\d+<[^>]*events\\.sqlite-wal>");
    private static final Pattern SYNC = Pattern.compile("^(\\d+) +f(?:data)?sync\\(\\d+<[^>]*events\\.sqlite-wal>\\) += 0");
    private static final Pattern SYNC_BEGINS = Pattern.compile("^(\\d+) +f(?:data)?sync\\(\\d+<[^>]*events\\.sqlite-wal> <unfinished");
    private static final Pattern SYNC_ENDS = Pattern.compile("^(\\d+) +<\\.\\.\\. f(?:data)?sync resumed>.*= 0");
    private static final Pattern ACK = Pattern.compile("^\\d+ +(?:writev?|sendto|sendmsg)\\(\\d+<(?:socket|TCP)[^\"]*\".*role=\\\\\"ack\\\\\"");

    @Override
    public String name() {
        return "sync";
    }

    @Override
    public String promise() {
        return "every acknowledgement is preceded by its write to the log and a sync of it, counted in the kernel";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(EVENTS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Path trace = setting.folder().resolve("trace");
        try (BrokerProcess broker = setting.broker("traced")) {
            broker.by(strace(trace), Map.of("JAVA_OPTS", "-Xmx512m")).start();
            Ledger ledger;
            try (Authors author = new Authors("sync", broker.receivePort, 1, 1, 0).start()) {
                author.ledger().awaitMore(setting.of(EVENTS));
                ledger = author.finish();
            }
            broker.terminate();
            Count count = new Count();
            try (Stream<String> lines = Files.lines(trace)) {
                lines.forEach(count::take);
            }
            figures.put("acknowledged", ledger.count());
            figures.put("acks-seen", count.acks);
            figures.put("syncs-of-the-log", count.syncs);
            figures.put("acks-before-their-sync", count.early);
            assertTrue(count.acks >= ledger.count(), "the trace shows fewer acks than came");
            assertTrue(count.syncs >= count.acks, "fewer syncs than acks");
            assertTrue(count.early == 0, "acks left before their sync");
        }
    }

    private static List<String> strace(Path trace) throws IOException, InterruptedException {
        String strace = Tools.find("strace").toString();
        Process probe = new ProcessBuilder(strace, "-o", "/dev/null", "true").redirectErrorStream(true).start();
        String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (probe.waitFor() != 0) {
            throw Tools.absent("strace", "it may not trace here: " + said.strip());
        }
        // -D: the broker, not strace, is our child; --seccomp-bpf: other calls cost nothing
        return List.of(strace, "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "160", "-e", "signal=none", "-e",
                "trace=fsync,fdatasync,write,writev,pwrite64,sendto,sendmsg", "-o", trace.toString());
    }

    /** Reads the trace in its order. One author submits one event after the other, so between two acks is all that was done for the second. */
    private static final class Count {
        private long acks;
        private long syncs;
        private long early;
        private boolean written;
        private boolean synced;
        /** By thread, whether something had been written when its sync began: the log's file is synced for checkpoints, too. */
        private final Map<String, Boolean> syncing = new HashMap<>();

        private void take(String line) {
            if (WRITE.matcher(line).find()) {
                written = true;
            } else if (SYNC.matcher(line).find()) {
                ended(written);
            } else if (SYNC_BEGINS.matcher(line).find()) {
                syncing.put(thread(line), written);
            } else if (SYNC_ENDS.matcher(line).find() && syncing.containsKey(thread(line))) {
                ended(syncing.remove(thread(line)));
            } else if (ACK.matcher(line).find()) {
                acks++;
                if (!(written && synced)) {
                    early++;
                }
                written = false;
                synced = false;
                syncing.replaceAll((thread, afterWrite) -> false);
            }
        }

        private void ended(boolean afterWrite) {
            syncs++;
            synced |= afterWrite;
        }

        private static String thread(String line) {
            return line.substring(0, line.indexOf(' '));
        }
    }
}
