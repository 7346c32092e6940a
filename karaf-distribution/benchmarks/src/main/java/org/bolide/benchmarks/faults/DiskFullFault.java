package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.bolide.testkit.Tools;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The disk is full for a while: in one form by a limit on the size of the process's files, in the other on a small disk of its own that is really full. Meanwhile
 * nothing is acknowledged and authors get no receipt; then the broker recovers by itself.
 */
final class DiskFullFault implements Fault {
    private static final Amount SECONDS = new Amount("disk-full-seconds", 3, 60);
    private static final int AUTHORS = 4;
    private static final int WINDOW = 4;
    private static final int PER_SECOND = 400;
    private static final int ENOUGH = 200;
    private static final int CHUNK = 4096;
    /** In a mount namespace of its own, which needs no rights where user namespaces are allowed: the log's folder on a small disk. */
    private static final String SMALL_DISK = "mkdir -p \"$0\" && mount -t tmpfs -o size=24m tmpfs \"$0\" && exec \"$@\"";

    private final boolean ownDisk;

    /** @param ownDisk whether on a small disk, which needs a mount namespace; else by a limit on files */
    DiskFullFault(boolean ownDisk) {
        this.ownDisk = ownDisk;
    }

    @Override
    public String name() {
        return ownDisk ? "disk-full" : "disk-limit";
    }

    @Override
    public String promise() {
        return "while the disk " + (ownDisk ? "is full" : "takes nothing") + " nothing is acknowledged; then the broker goes on by itself, and save-event with it";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(SECONDS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Path saved = setting.folder().resolve("saved");
        try (BrokerProcess broker = setting.broker("full").saveTo(saved)) {
            if (ownDisk) {
                onSmallDisk(broker);
            }
            broker.start();
            try (Authors authors = new Authors("full", broker.receivePort, AUTHORS, WINDOW, PER_SECOND).start(); Subscriber live = new Subscriber(broker.broadcastPort)) {
                authors.ledger().awaitMore(ENOUGH);
                fill(broker);
                long full = System.nanoTime();
                long until = full + TimeUnit.SECONDS.toNanos(setting.of(SECONDS));
                await("the disk is full").atMost(Duration.ofSeconds(setting.of(SECONDS) + 10L)).until(() -> {
                    fill(broker);
                    return System.nanoTime() >= until;
                });
                long freed = System.nanoTime();
                assertTrue(authors.areAtWork() && broker.isAlive());
                free(broker);
                authors.ledger().awaitMore(ENOUGH);
                Ledger ledger = authors.finish();
                figures.put("full-s", (freed - full) / 1e9);
                figures.put("acknowledged-meanwhile", ledger.within(full, freed).size());
                figures.put("submitted-again", ledger.repeated().size());
                figures.put("recovered-after-ms", ledger.acks().stream().mapToLong(Ledger.Ack::ackedAt).filter(at -> at > freed).min().orElseThrow() / 1e6 - freed / 1e6);
                figures.put("acknowledged", ledger.count());
                // What SQLite has room for in files that are there may still be written, and is kept: so the small disk has the first half to be really full.
                Checks.none("acknowledged while the disk was full", ledger.within(ownDisk ? (full + freed) / 2 : full, freed));
                assertTrue(!ledger.repeated().isEmpty(), "no author was left without a receipt");
                if (!ownDisk) {
                    Checks.inLog(ledger, LogContents.of(broker.base));
                }
                Checks.saved(ledger, saved);
                live.awaitAll(ledger.acknowledged());
                Checks.once(live);
                broker.awaitLog("the event log can be written again");
            }
        }
    }

    private static void onSmallDisk(BrokerProcess broker) throws IOException, InterruptedException {
        List<String> wrapper = List.of(Tools.find("unshare").toString(), "-rm", "sh", "-c", SMALL_DISK, broker.base.resolve("eventlog").toString());
        List<String> probe = new ArrayList<>(wrapper);
        probe.add("true");
        if (new ProcessBuilder(probe).inheritIO().start().waitFor() != 0) {
            throw Tools.absent("a small disk", "neither mounts nor user namespaces are allowed here");
        }
        broker.by(wrapper, Map.of());
    }

    private void fill(BrokerProcess broker) throws IOException, InterruptedException {
        if (ownDisk) {
            try (OutputStream out = Files.newOutputStream(filler(broker), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[CHUNK]);
                }
            } catch (IOException full) {
                assertTrue(full.getMessage().contains("No space"), full.getMessage());
            }
        } else {
            limit(broker, "1024");
        }
    }

    private void free(BrokerProcess broker) throws IOException, InterruptedException {
        if (ownDisk) {
            Files.delete(filler(broker));
        } else {
            limit(broker, "unlimited");
        }
    }

    private static Path filler(BrokerProcess broker) {
        return Path.of("/proc/" + broker.pid() + "/root" + broker.base.resolve("eventlog/filler"));
    }

    private static void limit(BrokerProcess broker, String bytes) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder(Tools.find("prlimit").toString(), "--pid=" + broker.pid(), "--fsize=" + bytes + ":unlimited").inheritIO().start();
        assertEquals(0, prlimit.waitFor());
    }
}
