package org.bolide.shell.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.bolide.api.management.Users;
import org.bolide.api.management.Users.Role;
import org.bolide.shell.command.Services;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may come in: by a password that the realm knows, or by a key that stands in the user's file, as in OpenSSH's
 * {@code authorized_keys}. What the user may then do is the users' list's to say in either case. On the server's threads.
 */
final class Logins implements PasswordAuthenticator, PublickeyAuthenticator {

    /** A user who has come in. */
    record Login(String user, boolean isAdmin) {}

    static final AttributeKey<Login> LOGIN = new AttributeKey<>();

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    /** A user's name is a part of a file's. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Services services;
    private final Path keys;

    /** @param keys the folder of the files {@code NAME.pub} */
    Logins(Services services, Path keys) {
        this.services = services;
        this.keys = keys;
    }

    @Override
    public boolean authenticate(String user, String password, ServerSession session) {
        return enter(user, "password", roles(user, password), session);
    }

    @Override
    public boolean authenticate(String user, PublicKey key, ServerSession session) {
        try {
            return isKeyOf(user, key) && enter(user, "key", rolesOf(user), session);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("the keys of {} in {} cannot be read: {}", user, keys, e.toString());
            return false;
        }
    }

    private static boolean enter(String user, String way, Optional<Set<String>> roles, ServerSession session) {
        boolean isAdmin = roles.filter(names -> names.contains(Role.ADMIN.label())).isPresent();
        boolean mayEnter = isAdmin || roles.filter(names -> names.contains(Role.VIEWER.label())).isPresent();
        LOG.info("ssh from {}: user \"{}\" {}", session.getClientAddress(), user.replaceAll("[^\\p{Graph}]", "?"),
                mayEnter ? "comes in by " + way : roles.isPresent() ? "has no role here" : "is refused: wrong name or password");
        if (mayEnter) {
            session.setAttribute(LOGIN, new Login(user, isAdmin));
        }
        return mayEnter;
    }

    /** The roles of a user with this password; empty if there is none. */
    private static Optional<Set<String>> roles(String user, String password) {
        Subject subject = new Subject();
        CallbackHandler answers = callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(user);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                } else {
                    throw new UnsupportedCallbackException(callback);
                }
            }
        };
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(Logins.class.getClassLoader()); // which reaches Karaf's login modules
            new LoginContext(Users.REALM, subject, answers).login();
        } catch (LoginException e) {
            LOG.debug("no login for {}: {}", user, e.getMessage());
            return Optional.empty();
        } finally {
            thread.setContextClassLoader(before);
        }
        return Optional.of(subject.getPrincipals(RolePrincipal.class).stream().map(RolePrincipal::getName).collect(Collectors.toSet()));
    }

    private Optional<Set<String>> rolesOf(String user) throws IOException {
        Optional<Users> users = services.find(Users.class);
        return users.isEmpty() ? Optional.empty()
                : users.get().users().stream().filter(each -> each.name().equals(user)).findFirst().map(Users.User::roles);
    }

    private boolean isKeyOf(String user, PublicKey key) throws IOException, GeneralSecurityException {
        Path file = keys.resolve(user + ".pub");
        if (!NAME.matcher(user).matches() || !Files.isRegularFile(file)) {
            return false;
        }
        for (AuthorizedKeyEntry entry : AuthorizedKeyEntry.readAuthorizedKeys(file)) {
            PublicKey known = entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
            if (known != null && KeyUtils.compareKeys(known, key)) {
                return true;
            }
        }
        return false;
    }
}
