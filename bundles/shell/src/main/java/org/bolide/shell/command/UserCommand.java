package org.bolide.shell.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.Users;
import org.bolide.api.management.Users.Role;
import org.bolide.api.management.Users.User;

/** {@code user}: who may log in. A password is asked for, or is the first line of what is piped in; it is nowhere else. */
final class UserCommand implements Command {

    private static final int MAX_PASSWORD_BYTES = 4096;

    private static final Listing<User> LISTING = new Listing<User>()
            .column("Name", "name", User::name)
            .column("Role", "roles", user -> user.roles().stream().sorted().toList(), user -> Screen.line(role(user)))
            .column("", "passwordSet", User::usable)
            .shown("Password", user -> user.usable() ? "set" : "not by this command, so it opens nothing: user password "
                    + Screen.line(user.name()));

    private final Services services;
    private final Grammar grammar;

    UserCommand(Services services) {
        this.services = services;
        Values names = Values.from(() -> services.find(Users.class).map(UserCommand::names).orElse(List.of()));
        grammar = Grammar.of("user",
                Form.shows("list"),
                Form.changes("add").option("--role", "ROLE", Values.of("viewer", "admin")).operand("the new user's name", Values.ANY),
                Form.changes("password").operand("the user's name", names),
                Form.changes("remove").operand("the user's name", names));
    }

    @Override
    public Grammar grammar() {
        return grammar;
    }

    @Override
    public int run(Call call) throws Refusal {
        Users users = services.need(Users.class);
        try {
            return switch (call.word()) {
                case "add" -> add(users, call);
                case "password" -> password(users, call);
                case "remove" -> remove(users, call);
                default -> list(users, call);
            };
        } catch (IllegalArgumentException e) {
            throw new Refusal(e.getMessage(), e);
        } catch (IOException e) {
            throw new Refusal("The list of users cannot be read or written: " + Screen.line(e.toString()), e);
        }
    }

    private static int list(Users users, Call call) throws IOException {
        List<User> all = users.users();
        if (all.isEmpty() && !call.wantsJson()) {
            call.out().println("There is no user: nobody can log in. \"bolide user add NAME\" adds one.");
        } else {
            call.show(LISTING, all);
        }
        return 0;
    }

    private static int add(Users users, Call call) throws IOException, Refusal {
        String name = call.operand(0);
        String label = call.option("--role").orElse(Role.VIEWER.label());
        Role role = Arrays.stream(Role.values()).filter(each -> each.label().equals(label)).findFirst()
                .orElseThrow(() -> call.wrong("--role is viewer or admin, not \"" + Screen.line(label) + "\""));
        if (users.users().stream().anyMatch(user -> user.name().equals(name))) {
            throw new Refusal("There is a user " + Screen.line(name) + " already.");
        }
        users.add(name, newPassword(name, call.caller()).toCharArray(), role);
        call.done("Added " + name + ", who " + (role == Role.ADMIN ? "may do everything (admin)." : "may look and change nothing (viewer)."));
        return 0;
    }

    private static int password(Users users, Call call) throws IOException, Refusal {
        String name = call.operand(0);
        if (users.users().stream().noneMatch(user -> user.name().equals(name))) {
            throw new Refusal("There is no user " + Screen.line(name) + ".");
        }
        users.setPassword(name, newPassword(name, call.caller()).toCharArray());
        call.done(name + " has a new password.");
        return 0;
    }

    private static int remove(Users users, Call call) throws IOException, Refusal {
        String name = call.operand(0);
        if (!users.remove(name)) {
            throw new Refusal("There is no user " + Screen.line(name) + ".");
        }
        call.done("Removed " + name + ". Sessions that stand go on to their end.");
        return 0;
    }

    private static List<String> names(Users users) {
        try {
            return users.users().stream().map(User::name).toList();
        } catch (IOException e) {
            return List.of(); // for completion; the command itself says what is wrong
        }
    }

    private static String role(User user) {
        return user.roles().contains(Role.ADMIN.label()) ? Role.ADMIN.label()
                : user.roles().isEmpty() ? "none" : String.join(", ", user.roles().stream().sorted().toList());
    }

    private static String newPassword(String name, Caller caller) throws Refusal, IOException {
        if (!caller.isInputTerminal()) {
            return firstLine(caller.in()).orElseThrow(() -> new Refusal("There is no terminal to ask for a password at, and none was piped in."));
        }
        String first = asked(caller, "Password for " + Screen.line(name) + ": ");
        if (first.length() < Users.MIN_PASSWORD_LENGTH) {
            throw new Refusal("A password has at least " + Users.MIN_PASSWORD_LENGTH + " characters.");
        }
        if (!first.equals(asked(caller, "Once more: "))) {
            throw new Refusal("These were two different passwords; nothing was changed.");
        }
        return first;
    }

    private static String asked(Caller caller, String prompt) throws Refusal {
        return caller.password(prompt).orElseThrow(() -> new Refusal("No password was given; nothing was changed."));
    }

    private static Optional<String> firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        boolean any = next >= 0;
        while (next >= 0 && next != '\n' && line.size() < MAX_PASSWORD_BYTES) {
            line.write(next);
            next = in.read();
        }
        return any ? Optional.of(line.toString(StandardCharsets.UTF_8).replaceFirst("\r$", "")) : Optional.empty();
    }
}
