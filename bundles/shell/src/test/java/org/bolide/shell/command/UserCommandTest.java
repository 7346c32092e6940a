package org.bolide.shell.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.management.Users;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UserCommandTest {

    private final TestUsers users = new TestUsers();
    private final TestServices services = new TestServices().with(users);

    private static TestCaller caller(String input) {
        TestCaller caller = new TestCaller(Path.of("/"));
        caller.input = input.getBytes(StandardCharsets.UTF_8);
        return caller;
    }

    @Test
    void shouldTakeThePasswordFromStandardInputWhereThereIsNoTerminal() throws Exception {
        TestCaller caller = caller("correct höse \r\nmore");
        assertEquals(0, caller.type(services, "user", "add", "anna"));
        assertEquals("", caller.asked);
        assertEquals(Map.of("anna", "correct höse "), users.passwords);
        assertEquals("Added anna, who may look and change nothing (viewer).\n", caller.said());
        assertThrows(Refusal.class, () -> caller("").type(services, "user", "add", "carl"), "nothing was piped in");
        assertEquals(1, users.users().size());
    }

    @Test
    void shouldAskForThePasswordTwiceAtATerminal() throws Exception {
        TestCaller caller = caller("not this one");
        caller.terminal = true;
        caller.password = Optional.of("correct horse");
        assertEquals(0, caller.type(services, "user", "add", "--role=admin", "anna"));
        assertEquals("Once more: ", caller.asked);
        assertEquals(Map.of("anna", "correct horse"), users.passwords);
        caller.password = Optional.empty();
        assertThrows(Refusal.class, () -> caller.type(services, "user", "password", "anna"), "none was typed");
        caller.password = Optional.of("short");
        assertThrows(Refusal.class, () -> caller.type(services, "user", "password", "anna"));
        assertEquals(Map.of("anna", "correct horse"), users.passwords);
    }

    @Test
    void shouldListChangeAndRemove() throws Exception {
        TestCaller nobody = caller("");
        nobody.type(services, "user");
        assertTrue(nobody.said().startsWith("There is no user: nobody can log in."), nobody.said());
        caller("correct horse").type(services, "user", "add", "anna");
        users.add("carl", new char[0], Users.Role.ADMIN);
        TestCaller list = caller("");
        list.type(services, "user", "list");
        assertEquals("""
                Name  Role    Password
                anna  viewer  set
                carl  admin   not by this command, so it opens nothing: user password carl
                """, list.said());
        caller("battery staple").type(services, "user", "password", "anna");
        assertEquals("battery staple", users.passwords.get("anna"));
        caller("").type(services, "user", "remove", "anna");
        assertThrows(Refusal.class, () -> caller("").type(services, "user", "remove", "anna"));
        assertThrows(Refusal.class, () -> caller("battery staple").type(services, "user", "password", "anna"));
        assertThrows(Refusal.class, () -> caller("battery staple").type(services, "user", "add", "--role=root", "anna"));
    }

    @Test
    void shouldAuditWhoWasAddedWithoutThePassword() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            caller("correct horse").type(services, "user", "add", "anna", "--role=admin");
            assertTrue(log.text().contains("alice (a test): user add anna --role=admin: Added anna, who may do everything (admin)."), log.text());
            assertFalse(log.text().contains("correct horse"), log.text());
        }
    }

    @Test
    void shouldLetWhoMayOnlyLookLook() throws Exception {
        TestCaller viewer = caller("correct horse");
        viewer.mayChange = false;
        assertEquals(0, viewer.type(services, "user", "list"));
        Refusal refusal = assertThrows(Refusal.class, () -> viewer.type(services, "user", "add", "--role=admin", "anna"));
        assertEquals("alice, you may look, and no more: this needs the role admin.", refusal.getMessage());
        assertTrue(users.users().isEmpty());
    }
}
