package org.bolide.users;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.Set;

import org.bolide.api.management.Users.Role;
import org.bolide.api.management.Users.User;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UserListTest {

    private static final char[] PASSWORD = "correct horse".toCharArray();

    @TempDir
    Path etc;

    private Path file;
    private UserList users;

    @BeforeEach
    void noUsers() throws IOException {
        file = etc.resolve("users.properties");
        users = new UserList(file);
    }

    /** The file as the login module reads it. */
    private Properties properties() throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    @Test
    void shouldBeginWithNobody() throws IOException {
        assertEquals(List.of(), users.users());
        assertFalse(users.remove("anna"));
        assertFalse(Files.exists(file));
    }

    @Test
    void shouldKeepUsersAsKarafReadsThemInAFileOfTheOwnersAlone() throws IOException {
        users.add("anna", PASSWORD, Role.ADMIN);
        users.add("b.berg@example.org", PASSWORD, Role.VIEWER);
        assertEquals(List.of(new User("anna", Set.of("admin", "viewer"), true), new User("b.berg@example.org", Set.of("viewer"), true)),
                users.users());
        String[] anna = properties().getProperty("anna").split(",");
        assertTrue(PasswordHash.matches(PASSWORD, anna[0]), anna[0]);
        assertEquals(List.of("admin", "viewer"), List.of(anna).subList(1, anna.length));
        assertFalse(Files.readString(file).contains("correct horse"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldLeaveWhatAnOperatorHasWritten() throws IOException {
        Files.writeString(file, "# ours\n\n_g_\\:team = group,viewer\n  carl=plain , viewer\nanna = x,admin\n");
        assertEquals(List.of(new User("anna", Set.of("admin"), false), new User("carl", Set.of("viewer"), false)), users.users());
        users.setPassword("carl", PASSWORD);
        assertTrue(users.remove("anna"));
        assertTrue(Files.readString(file).startsWith("# ours\n\n_g_\\:team = group,viewer\ncarl = pbkdf2-sha512:"), Files.readString(file));
        assertEquals(List.of(new User("carl", Set.of("viewer"), true)), users.users());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldWriteThroughALink() throws IOException {
        Path real = Files.writeString(etc.resolve("managed"), "");
        Files.createSymbolicLink(file, real);
        users.add("anna", PASSWORD, Role.VIEWER);
        assertTrue(Files.isSymbolicLink(file));
        assertTrue(Files.readString(real).startsWith("anna = pbkdf2"), Files.readString(real));
    }

    @Test
    void shouldRefuseWhatCannotBe() throws IOException {
        users.add("anna", PASSWORD, Role.VIEWER);
        assertThrows(IllegalArgumentException.class, () -> users.add("anna", PASSWORD, Role.ADMIN), "she is there");
        for (String name : List.of("", "two words", "a=b", "_g_:admins", "#anna", "line\nbreak", "n".repeat(65))) {
            assertThrows(IllegalArgumentException.class, () -> users.add(name, PASSWORD, Role.VIEWER), name);
        }
        assertThrows(IllegalArgumentException.class, () -> users.add("carl", "seven77".toCharArray(), Role.VIEWER));
        assertThrows(IllegalArgumentException.class, () -> users.setPassword("carl", PASSWORD), "there is no carl");
        assertEquals(List.of("anna"), users.users().stream().map(User::name).toList());
    }
}
