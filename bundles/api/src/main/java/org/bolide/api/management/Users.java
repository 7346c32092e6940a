package org.bolide.api.management;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Who may log in with a password, to ssh and to the page. Registered by the bundle that keeps them; the login itself goes by JAAS, to
 * the realm {@link #REALM}, which puts the user's name and roles into the subject. Safe for any number of threads; all methods
 * read or write the disk.
 */
@ProviderType
public interface Users {

    /** The name for {@link javax.security.auth.login.LoginContext}. */
    String REALM = "karaf";

    /** The shortest password that is taken, in characters. */
    int MIN_PASSWORD_LENGTH = 8;

    /** The users by name. */
    List<User> users() throws IOException;

    /**
     * Adds one.
     *
     * @param password not kept; only a salted hash of it is
     * @throws IllegalArgumentException if the name or the password cannot be one, or there is such a user; for people
     */
    void add(String name, char[] password, Role role) throws IOException;

    /**
     * Gives one another password; the roles stay.
     *
     * @throws IllegalArgumentException if the password cannot be one, or there is no such user; for people
     */
    void setPassword(String name, char[] password) throws IOException;

    /** Removes one. Returns whether there was one with this name. Who is logged in stays so until the session ends. */
    boolean remove(String name) throws IOException;

    /** What a user may do. */
    enum Role {
        /** Whatever shows something, and nothing that changes anything. */
        VIEWER,
        /** Everything. */
        ADMIN;

        /** The role's name in the realm, and as people write it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One user.
     *
     * @param roles the names of the roles in the realm; an {@link Role#ADMIN} is a {@link Role#VIEWER} too
     * @param usable whether the password is one that was set here; else nobody can log in with it
     */
    record User(String name, Set<String> roles, boolean usable) {

        public User {
            roles = Set.copyOf(roles);
        }
    }
}
