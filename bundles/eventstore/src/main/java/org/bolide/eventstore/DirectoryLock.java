package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

/**
 * Keeps a second broker out of a directory, with a lock on the file {@code lock} in it. The file names the process that
 * holds it; the lock goes with the process, so the file that a killed broker leaves behind keeps nobody out.
 */
final class DirectoryLock implements AutoCloseable {

    /**
     * Directories locked by this process. Needed because a process that opens and closes its own lock file a second
     * time loses the lock (POSIX, fcntl).
     */
    private static final Set<Path> HELD = new HashSet<>();

    /** What is locked lies behind any content: Windows does not let others read locked bytes. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final Path directory;
    private final FileChannel channel;
    private boolean released;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException if the directory cannot be written to, or is in use
     */
    static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        synchronized (HELD) {
            if (!HELD.add(real)) {
                throw inUse(directory, Long.toString(ProcessHandle.current().pid()));
            }
            FileChannel channel = null;
            try {
                Path file = real.resolve("lock");
                channel = FileChannel.open(file, CREATE, WRITE);
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
                if (lock == null) {
                    throw inUse(directory, Files.readString(file).strip());
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
                return new DirectoryLock(real, channel);
            } catch (IOException | RuntimeException e) {
                HELD.remove(real);
                if (channel != null) {
                    channel.close();
                }
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (!released) {
                released = true;
                HELD.remove(directory);
                channel.close();
            }
        }
    }

    private static IOException inUse(Path directory, String process) {
        return new IOException("The event log in " + directory + " is in use by another broker, process "
                + (process.isEmpty() ? "unknown" : process) + ". Stop that one, or give this one another directory ("
                + JdbcEventStore.PID + ": directory).");
    }
}
