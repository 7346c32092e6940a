package org.bolide.shell.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.bolide.api.management.Users;

/** Users in memory, with their passwords. */
final class TestUsers implements Users {

    final Map<String, String> passwords = new LinkedHashMap<>();
    private final Map<String, Role> roles = new LinkedHashMap<>();

    @Override
    public List<User> users() {
        List<User> users = new ArrayList<>();
        roles.forEach((name, role) -> users.add(new User(name, role == Role.ADMIN ? Set.of("admin", "viewer") : Set.of("viewer"),
                !passwords.get(name).isEmpty())));
        return users;
    }

    @Override
    public void add(String name, char[] password, Role role) {
        passwords.put(name, new String(password));
        roles.put(name, role);
    }

    @Override
    public void setPassword(String name, char[] password) {
        passwords.put(name, new String(password));
    }

    @Override
    public boolean remove(String name) {
        passwords.remove(name);
        return roles.remove(name) != null;
    }
}
