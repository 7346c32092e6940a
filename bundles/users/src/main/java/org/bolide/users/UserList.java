package org.bolide.users;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.bolide.api.management.Users;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users in {@code etc/users.properties} of the base directory. The file is read anew each time: operators may edit it. */
@Component
public final class UserList implements Users {

    private static final Logger LOG = LoggerFactory.getLogger(UserList.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final UsersFile file;

    @Activate
    public UserList(BundleContext context) throws IOException {
        this(path(context));
    }

    UserList(Path path) throws IOException {
        file = new UsersFile(path);
        if (file.isOpenToOthers()) {
            LOG.warn("others than its owner can read {}, where the hashes of passwords are: chmod 600 it", path);
        }
    }

    static Path path(BundleContext context) {
        return Path.of(context.getProperty("karaf.base"), "etc", "users.properties");
    }

    @Override
    public synchronized List<User> users() throws IOException {
        return file.read().entrySet().stream().map(UserList::user).toList();
    }

    private static User user(Map.Entry<String, String> line) {
        String[] parts = line.getValue().split(",");
        Set<String> roles = Arrays.stream(parts).skip(1).map(String::strip).filter(role -> !role.isEmpty()).collect(Collectors.toSet());
        return new User(line.getKey(), roles, PasswordHash.isHash(parts[0].strip()));
    }

    @Override
    public synchronized void add(String name, char[] password, Role role) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("A user's name has 1 to 64 letters, digits, dots, hyphens, underscores or @, and begins with"
                    + " a letter or a digit.");
        }
        if (file.read().containsKey(name)) {
            throw new IllegalArgumentException("There is a user " + name + " already; remove that first, or set another password.");
        }
        check(password);
        Set<String> roles = new LinkedHashSet<>(List.of(role.label(), Role.VIEWER.label()));
        file.write(name, Optional.of(PasswordHash.of(password) + "," + String.join(",", roles)));
    }

    @Override
    public synchronized void setPassword(String name, char[] password) throws IOException {
        String line = file.read().get(name);
        if (line == null) {
            throw new IllegalArgumentException("There is no user " + name + ".");
        }
        check(password);
        int comma = line.indexOf(',');
        file.write(name, Optional.of(PasswordHash.of(password) + (comma < 0 ? "" : line.substring(comma))));
    }

    @Override
    public synchronized boolean remove(String name) throws IOException {
        boolean known = file.read().containsKey(name);
        if (known) {
            file.write(name, Optional.empty());
        }
        return known;
    }

    private static void check(char[] password) {
        if (password.length < MIN_PASSWORD_LENGTH) {
            throw new IllegalArgumentException("A password has at least " + MIN_PASSWORD_LENGTH + " characters.");
        }
    }
}
