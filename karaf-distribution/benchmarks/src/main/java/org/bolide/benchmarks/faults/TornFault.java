package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.bolide.benchmarks.faults.Ledger.Ack;
import org.bolide.benchmarks.faults.WalFile.Damage;
import org.bolide.testkit.VtpPeer;

import static java.util.Comparator.comparing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The write-ahead file is cut, garbled, zeroed or lengthened at its end after a kill, as a disk that lost its last writes leaves it. The broker starts, has all that
 * was acknowledged before the part that was damaged, and takes the rest again from its author.
 */
final class TornFault implements Fault {
    private static final Amount COPIES = new Amount("torn-copies", 2, 16);
    private static final int EVENTS = 60;
    private static final int DEEPEST = 12;

    @Override
    public String name() {
        return "torn";
    }

    @Override
    public String promise() {
        return "with the end of its write-ahead file cut or garbled the broker starts and has all that was acknowledged before that part";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(COPIES);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Random random = new Random();
        int copies = setting.of(COPIES);
        long lost = 0;
        try (BrokerProcess broker = setting.broker("torn")) {
            List<String> acknowledged = loadAndKill(broker);
            Path log = broker.base.resolve("eventlog");
            Path kept = setting.folder().resolve("kept");
            copy(log, kept);
            for (int i = 0; i < copies; i++) {
                Damage damage = Damage.values()[i % Damage.values().length];
                copy(kept, log);
                int transactions = WalFile.of(broker.base).damage(damage, 1 + random.nextInt(DEEPEST), random);
                broker.start();
                Set<String> there = LogContents.of(broker.base).ivoids();
                // One author, one event at a time: each of the damaged transactions held one of the last events, or readers' places.
                Checks.contains("the log with its end " + damage, there, new TreeSet<>(acknowledged.subList(0, acknowledged.size() - transactions)));
                lost += acknowledged.stream().filter(ivoid -> !there.contains(ivoid)).count();
                submitAgain(broker, acknowledged, there);
                LogContents mended = LogContents.of(broker.base);
                Checks.contains("the log after all was submitted again", mended.ivoids(), new TreeSet<>(acknowledged));
                assertEquals(0, mended.copies(), "second copies in the log");
                broker.kill();
            }
        }
        figures.put("acknowledged", EVENTS);
        figures.put("copies", copies);
        figures.put("events-in-damaged-parts", lost);
    }

    /** In the order in which they were acknowledged. */
    private static List<String> loadAndKill(BrokerProcess broker) throws IOException {
        broker.start();
        try (Authors author = new Authors("torn", broker.receivePort, 1, 1, 0).start()) {
            author.ledger().awaitMore(EVENTS);
            broker.kill();
            author.abandon();
            return author.ledger().acks().stream().sorted(comparing(Ack::ackedAt)).map(Ack::ivoid).toList();
        }
    }

    /** As its author would who does not know what became of them. */
    private static void submitAgain(BrokerProcess broker, List<String> ivoids, Set<String> there) throws IOException {
        try (VtpPeer peer = VtpPeer.connect(broker.receivePort)) {
            for (String ivoid : ivoids) {
                String answer = peer.send(Authors.sample("torn0", Integer.parseInt(ivoid.replaceAll(".*#", ""))).content()).readText();
                assertTrue(answer.contains("role=\"ack\"") && answer.contains("duplicate") == there.contains(ivoid), answer);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path folder : List.of(to, from)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    if (folder.equals(to)) {
                        Files.delete(file);
                    } else {
                        Files.copy(file, to.resolve(file.getFileName()));
                    }
                }
            }
        }
    }
}
