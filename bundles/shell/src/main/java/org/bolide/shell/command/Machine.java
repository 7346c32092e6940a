package org.bolide.shell.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The process and what it runs on.
 *
 * @param process its id
 * @param base the base directory
 */
record Machine(long process, String java, String base, long heapUsedBytes, long heapMaxBytes) {

    static Machine now() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new Machine(ProcessHandle.current().pid(), System.getProperty("java.version"), System.getProperty("karaf.base", ""),
                heap.getUsed(), heap.getMax());
    }

    /** What is free where a file or directory is; empty if that is none, or nobody can tell. */
    static OptionalLong freeBytes(String place) {
        try {
            Path path = Path.of(place);
            return Files.exists(path) ? OptionalLong.of(Files.getFileStore(path).getUsableSpace()) : OptionalLong.empty();
        } catch (IOException | InvalidPathException e) {
            return OptionalLong.empty();
        }
    }
}
