package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** SQLite's write-ahead file, by its published format (sqlite.org/fileformat2.html, section 4): where its transactions end. */
record WalFile(Path file, List<Long> commits) {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;

    /** What a disk may do to the end of a file. */
    enum Damage { CUT, GARBLED, ZEROED, LENGTHENED }

    static WalFile of(Path base) throws IOException {
        Path file = base.resolve("eventlog/events.sqlite-wal");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Long> commits = new ArrayList<>();
        if (bytes.capacity() > HEADER) {
            int page = bytes.getInt(8);
            long salts = bytes.getLong(16);
            commits.add((long) HEADER);
            for (int at = HEADER; at + FRAME_HEADER + page <= bytes.capacity() && bytes.getLong(at + 8) == salts; at += FRAME_HEADER + page) {
                if (bytes.getInt(at + 4) != 0) { // the database's size: only the last frame of a transaction has it
                    commits.add((long) at + FRAME_HEADER + page);
                }
            }
        }
        return new WalFile(file, List.copyOf(commits));
    }

    /**
     * Damages the last transactions, from somewhere within the first of them.
     *
     * @param wanted how many; not all, if there are not so many
     * @return how many: none where bytes were only added
     */
    int damage(Damage damage, int wanted, Random random) throws IOException {
        int count = Math.min(wanted, commits.size() - 1);
        if (count < 1) {
            throw new AssertionError(file + " holds no transaction");
        }
        long end = commits.get(commits.size() - 1);
        long from = commits.get(commits.size() - 1 - count);
        long to = commits.get(commits.size() - count);
        long at = from + random.nextInt((int) (to - from));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            switch (damage) {
                case CUT -> channel.truncate(at);
                case ZEROED -> write(channel, at, new byte[(int) (end - at)]);
                case GARBLED -> write(channel, at, noise(random, (int) (to - at)));
                case LENGTHENED -> write(channel, end, noise(random, 1 + random.nextInt(1 << 16)));
            }
        }
        return damage == Damage.LENGTHENED ? 0 : count;
    }

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left, at + left.position());
        }
    }
}
