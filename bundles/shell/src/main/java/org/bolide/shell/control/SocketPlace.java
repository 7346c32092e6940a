package org.bolide.shell.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the control socket is: {@code data/control/socket} under the base directory. Where that path is longer than the
 * system takes, the socket is in a new directory under the temporary one, and the file {@code data/control/place} names it. All
 * directories and the socket are the owner's alone.
 */
final class SocketPlace implements AutoCloseable {

    /** The system's limit is 108 bytes on Linux and 104 on macOS, an end mark included. */
    static final int MAX_PATH_BYTES = 100;

    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> SOCKET = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(DIRECTORY);

    private final Path socket;
    private final Path place;
    private final ServerSocketChannel channel;

    private SocketPlace(Path socket, Path place, ServerSocketChannel channel) {
        this.socket = socket;
        this.place = place;
        this.channel = channel;
    }

    /**
     * Opens the socket; one that a killed broker left behind is replaced.
     *
     * @param temporary the directory for sockets of bases with long names
     * @throws IOException if it cannot be opened for the owner alone, saying why
     */
    static SocketPlace open(Path base, Path temporary) throws IOException {
        Path directory = base.resolve("data").resolve("control");
        ownDirectory(directory);
        Path place = directory.resolve("place");
        Path near = directory.resolve("socket");
        removeStale(near);
        if (Files.exists(place)) {
            Path before = Path.of(Files.readString(place));
            removeStale(before);
            Files.deleteIfExists(place);
        }
        Path socket = near;
        if (length(near) > MAX_PATH_BYTES) {
            socket = Files.createTempDirectory(temporary, "bolide-", OWNER_ONLY).resolve("socket");
            if (length(socket) > MAX_PATH_BYTES) {
                Files.delete(socket.getParent());
                throw new IOException("the path " + near + " is longer than the " + MAX_PATH_BYTES
                        + " bytes that the system allows, and the temporary directory's is too: give a shorter --base, or a shorter TMPDIR");
            }
            Files.writeString(place, socket.toString());
        }
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, SOCKET);
            requirePermissions(socket, SOCKET);
            return new SocketPlace(socket, place, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(socket);
            throw e;
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    Path path() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
        if (Files.deleteIfExists(place)) {
            Files.deleteIfExists(socket.getParent());
        }
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static void ownDirectory(Path directory) throws IOException {
        Files.createDirectories(directory.getParent());
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory, OWNER_ONLY);
            }
            Files.setPosixFilePermissions(directory, DIRECTORY);
        } catch (UnsupportedOperationException e) {
            throw new IOException("the file system of " + directory + " knows no owner's permissions", e);
        }
        requirePermissions(directory, DIRECTORY);
    }

    private static void requirePermissions(Path path, Set<PosixFilePermission> permissions) throws IOException {
        if (!Files.getPosixFilePermissions(path).equals(permissions)) {
            throw new IOException("the file system does not let " + path + " be its owner's alone");
        }
    }

    private static void removeStale(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            throw new IOException("a broker listens at " + other.getRemoteAddress() + " already");
        } catch (java.net.SocketException e) {
            Files.delete(socket); // nobody listens
        }
    }
}
