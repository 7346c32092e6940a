package org.bolide.launcher.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.launcher.cli.Plan.Entry;

/** Finds out before Karaf starts what would keep the broker from running, and says which setting it comes from. */
final class Preflight {

    private static final int LAST_JAVA_OF_SHELL = 22;

    private Preflight() {}

    /**
     * Refuses a second broker in a base, as Karaf's lock in {@code data} does, which it keeps while it runs; but says which
     * process the first one is.
     */
    static void alone(Path base) throws Exit {
        Path data = base.resolve("data");
        Path lock = data.resolve("lock");
        if (!Files.exists(lock)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock own = channel.tryLock()) {
            if (own == null) {
                throw runsAlready(base, data.resolve("karaf.pid"));
            }
        } catch (IOException e) {
            throw new Exit(Exit.FAILURE, "--base: cannot see whether a broker runs in %s: %s".formatted(base, e));
        }
    }

    private static Exit runsAlready(Path base, Path pidFile) throws IOException {
        String process = Files.exists(pidFile) ? " (process " + Files.readString(pidFile).strip() + ")" : "";
        return new Exit(Exit.FAILURE,
                "a broker%s runs in %s already; stop it, or give this one a place of its own by --base=DIR"
                        .formatted(process, base));
    }

    /**
     * Refuses the console where Karaf's shell does not run: it calls Subject.getSubject, which newer Javas only answer with
     * an exception (JDK 23, 8296244).
     */
    static void console(int java) throws Exit {
        if (java > LAST_JAVA_OF_SHELL) {
            throw new Exit(Exit.USAGE, "--console: Karaf's shell runs on Java 17 to %d, and this is Java %d; for this run, set JAVA_HOME to such a one"
                    .formatted(LAST_JAVA_OF_SHELL, java));
        }
    }

    /** Tries each listener's port. */
    static void ports(Plan plan) throws Exit {
        Map<String, String> taken = new HashMap<>();
        for (String pid : List.of(Vtp.RECEIVER, Vtp.BROADCASTER, Vtp.METRICS, Vtp.SSH, Vtp.PAGE)) {
            for (Entry entry : plan.all(pid)) {
                int port = plan.value(entry, Vtp.PORT).map(Integer::parseInt).orElse(0);
                String address = plan.value(entry, Vtp.ADDRESS).orElse("");
                if (port == 0) {
                    continue;
                }
                String who = entry.whoSet(Vtp.PORT);
                String other = taken.putIfAbsent(address + " " + port, who);
                if (other != null) {
                    throw new Exit(Exit.FAILURE, "two listeners on port %d: %s, and %s".formatted(port, other, who));
                }
                bind(address, port, who, entry.whoSet(Vtp.ADDRESS));
            }
        }
    }

    private static void bind(String address, int port, String portSetting, String addressSetting) throws Exit {
        InetAddress local;
        try {
            local = address.isEmpty() ? null : InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new Exit(Exit.FAILURE, "no such address: %s (%s)".formatted(address, addressSetting));
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(local, port));
        } catch (BindException e) {
            String shown = address.isEmpty() ? "all addresses" : "address " + address;
            String hint = port < 1024 ? "; ports below 1024 need special rights" : "";
            throw new Exit(Exit.FAILURE, "cannot listen on port %d of %s (%s): %s%s".formatted(
                    port, shown, portSetting, e.getMessage(), hint));
        } catch (IOException e) {
            throw new Exit(Exit.FAILURE, "cannot listen on port %d (%s): %s".formatted(port, portSetting, e.getMessage()));
        }
    }

    /** Makes sure that a directory is there, or can be made, and can be written. */
    static void directory(Path directory, String setting) throws Exit {
        Path existing = directory.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            throw new Exit(Exit.FAILURE, "%s: %s is not a directory".formatted(setting, existing == null ? directory : existing));
        }
        if (!Files.isWritable(existing)) {
            throw new Exit(Exit.FAILURE, "%s: no right to write in %s".formatted(setting, existing));
        }
    }

    /** Makes sure that a file can be written. */
    static void file(Path file, String setting) throws Exit {
        if (Files.isDirectory(file)) {
            throw new Exit(Exit.FAILURE, "%s: %s is a directory".formatted(setting, file));
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new Exit(Exit.FAILURE, "%s: no right to write %s".formatted(setting, file));
        }
        directory(Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file), setting);
    }

    /** Refuses a second run with the same file for its process's id. */
    static void pidFile(Path file) throws Exit {
        file(file, "--pidfile");
        if (!Files.exists(file)) {
            return;
        }
        try {
            long pid = Long.parseLong(Files.readString(file).strip());
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
                throw new Exit(Exit.FAILURE,
                        "--pidfile: %s says that process %d runs; stop it, or remove the file if it is not a broker"
                                .formatted(file, pid));
            }
        } catch (IOException | NumberFormatException e) {
            throw new Exit(Exit.FAILURE, "--pidfile: %s is there and no file of a process's id".formatted(file));
        }
    }
}
