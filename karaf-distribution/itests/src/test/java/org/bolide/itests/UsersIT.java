package org.bolide.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import javax.inject.Inject;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

import org.bolide.api.management.Users;
import org.bolide.api.management.Users.Role;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

/** Users log in by JAAS inside the product, as a page or a server in it has them do. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class UsersIT {

    @Inject
    private Users users;

    @Configuration
    public Option[] configuration() {
        return Archive.inside();
    }

    @Test
    public void shouldLetInWhoWasAddedAndNobodyElse() throws Exception {
        Path file = Path.of(System.getProperty("karaf.base"), "etc", "users.properties");
        assertEquals("the product brings no user", List.of(), users.users());
        assertFalse(Files.exists(file));
        for (String name : List.of("karaf", "admin", "anna")) {
            assertThrows(name, LoginException.class, () -> login(name, name));
        }

        users.add("anna", "correct horse".toCharArray(), Role.ADMIN);
        users.add("carl", "battery staple".toCharArray(), Role.VIEWER);
        assertEquals(Set.of("anna", "admin", "viewer"), login("anna", "correct horse"));
        assertEquals(Set.of("carl", "viewer"), login("carl", "battery staple"));
        assertThrows(LoginException.class, () -> login("anna", "battery staple"));
        assertThrows(LoginException.class, () -> login("anna", ""));
        String hash = Files.readAllLines(file).stream().filter(line -> line.startsWith("anna")).findFirst().orElseThrow()
                .replaceFirst("anna = ", "").replaceFirst(",.*", "");
        assertThrows("what stands in the file is no password", LoginException.class, () -> login("anna", hash));

        users.setPassword("anna", "another horse".toCharArray());
        assertThrows(LoginException.class, () -> login("anna", "correct horse"));
        assertEquals(Set.of("anna", "admin", "viewer"), login("anna", "another horse"));
        users.remove("carl");
        assertThrows(LoginException.class, () -> login("carl", "battery staple"));
        Files.writeString(file, "dora = plain password,admin\n");
        assertThrows("only hashes count", LoginException.class, () -> login("dora", "plain password"));
    }

    /** Who that is, and the roles. */
    private static Set<String> login(String name, String password) throws LoginException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(UsersIT.class.getClassLoader());
        try {
            LoginContext context = new LoginContext(Users.REALM, new Subject(), callbacks -> {
                for (Callback callback : callbacks) {
                    if (callback instanceof NameCallback asked) {
                        asked.setName(name);
                    } else if (callback instanceof PasswordCallback asked) {
                        asked.setPassword(password.toCharArray());
                    }
                }
            });
            context.login();
            return context.getSubject().getPrincipals().stream().map(principal -> principal.getName()).collect(Collectors.toSet());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
