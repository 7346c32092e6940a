package org.bolide.web.http;

import java.util.Optional;
import java.util.Set;
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
import org.bolide.api.management.Users;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may log in with which password. Blocks for the time that a password's hash takes. */
interface Realm {

    /** The roles of a user with this password; empty if there is none. */
    Optional<Set<String>> roles(String user, String password);

    /** That of Karaf, by JAAS. */
    static Optional<Set<String>> karaf(String user, String password) {
        Logger log = LoggerFactory.getLogger(Realm.class);
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
            thread.setContextClassLoader(Realm.class.getClassLoader()); // which reaches Karaf's login modules
            new LoginContext(Users.REALM, subject, answers).login();
        } catch (LoginException e) {
            log.debug("no login: {}", e.getMessage());
            return Optional.empty();
        } finally {
            thread.setContextClassLoader(before);
        }
        return Optional.of(subject.getPrincipals(RolePrincipal.class).stream().map(RolePrincipal::getName).collect(Collectors.toSet()));
    }
}
