package org.bolide.users;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Karaf's {@code users.properties}: a line {@code NAME = PASSWORD,ROLE,…} for each user. What else an operator has written there stays.
 * It is replaced in one step, and only its owner can read it. For one thread at a time.
 */
final class UsersFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    /** Karaf's groups of roles are lines of the same file whose names begin so. */
    private static final String GROUP = "_g_";
    private static final Pattern LINE = Pattern.compile("\\s*((?:[^\\s#!=:\\\\]|\\\\.)(?:[^\\s=:\\\\]|\\\\.)*)\\s*[=:\\s]\\s*(.*?)\\s*");

    private static final String HEAD = """
            # Who may log in to this broker, and what each may do: NAME = PASSWORD,ROLE,...
            # "bolide user add NAME" adds one; passwords stand here as salted hashes only.
            """;

    private final Path file;

    UsersFile(Path file) {
        this.file = file;
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** What stands behind each user's name. */
    SortedMap<String, String> read() throws IOException {
        SortedMap<String, String> users = new TreeMap<>();
        for (String line : lines()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && !matcher.group(1).startsWith(GROUP)) {
                users.put(matcher.group(1), matcher.group(2));
            }
        }
        return users;
    }

    /** Writes one user's line, or takes it away. */
    void write(String name, Optional<String> value) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean placed = value.isEmpty();
        for (String line : lines()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches() || !matcher.group(1).equals(name)) {
                lines.add(line);
            } else if (!placed) {
                lines.add(name + " = " + value.get());
                placed = true;
            }
        }
        if (!placed) {
            lines.add(name + " = " + value.get());
        }
        replace(String.join("\n", lines) + "\n");
    }

    /** Whether others than its owner can read it. */
    boolean isOpenToOthers() throws IOException {
        try {
            return !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
        } catch (NoSuchFileException | UnsupportedOperationException e) {
            return false; // there is none, or the file system knows no such thing
        }
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1); // as java.util.Properties reads it
        } catch (NoSuchFileException e) {
            return HEAD.lines().toList();
        }
    }

    private void replace(String text) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file; // a link stays one
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        boolean knowsOwners = Files.getFileStore(target.getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] attributes = knowsOwners ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)} : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
