package org.bolide.shell.ssh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ChannelSubsystem;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.bolide.api.management.Users;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.TestServices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The listener with a real client. The realm is the test's; the real one is tested on the product. */
class SshListenerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path base;

    private final FewUsers users = new FewUsers();
    private final TestServices services = new TestServices().with(users);
    private final SshClient client = SshClient.setUpDefaultClient();
    private Configuration before;
    private SshListener listener;

    /** Anna may do everything, Carl may look; they have the password "correct horse". */
    private static final class FewUsers implements Users {

        private static final Map<String, Set<String>> ROLES = Map.of("anna", Set.of("admin", "viewer"), "carl", Set.of("viewer"), "nora", Set.of());

        private String added = "";

        @Override
        public List<User> users() {
            return ROLES.entrySet().stream().map(user -> new User(user.getKey(), user.getValue(), true)).toList();
        }

        @Override
        public void add(String name, char[] password, Role role) {
            added += name + " " + new String(password) + " " + role;
        }

        @Override
        public void setPassword(String name, char[] password) {
            throw new AssertionError("not asked for");
        }

        @Override
        public boolean remove(String name) {
            throw new AssertionError("not asked for");
        }
    }

    /** Knows the few users' password. */
    public static final class OnePassword implements LoginModule {

        private Subject subject;
        private CallbackHandler handler;
        private String name;

        @Override
        public void initialize(Subject who, CallbackHandler callbacks, Map<String, ?> sharedState, Map<String, ?> options) {
            subject = who;
            handler = callbacks;
        }

        @Override
        public boolean login() throws LoginException {
            NameCallback user = new NameCallback("user");
            PasswordCallback password = new PasswordCallback("password", false);
            try {
                handler.handle(new Callback[] {user, password});
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            name = user.getName();
            if (!FewUsers.ROLES.containsKey(name) || !new String(password.getPassword()).equals("correct horse")) {
                throw new FailedLoginException("no");
            }
            return true;
        }

        @Override
        public boolean commit() {
            FewUsers.ROLES.get(name).forEach(role -> subject.getPrincipals().add(new RolePrincipal(role)));
            return true;
        }

        @Override
        public boolean abort() {
            return true;
        }

        @Override
        public boolean logout() {
            return true;
        }
    }

    @BeforeEach
    void listen() throws IOException {
        before = Configuration.getConfiguration();
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String realm) {
                return realm.equals(Users.REALM) ? new AppConfigurationEntry[] {
                    new AppConfigurationEntry(OnePassword.class.getName(), LoginModuleControlFlag.REQUIRED, Map.of())} : null;
            }
        });
        listener = start();
        client.setServerKeyVerifier((session, address, key) -> true);
        client.start();
    }

    private SshListener start() throws IOException {
        return new SshListener(base, "127.0.0.1", 0, Duration.ofMinutes(1), new Commands(services), services);
    }

    @AfterEach
    void stop() throws IOException {
        client.stop();
        listener.close();
        Configuration.setConfiguration(before);
    }

    private ClientSession connect(String user) throws IOException {
        return client.connect(user, "127.0.0.1", listener.port()).verify(PATIENCE).getSession();
    }

    private ClientSession login(String user) throws IOException {
        ClientSession session = connect(user);
        session.addPasswordIdentity("correct horse");
        session.auth().verify(PATIENCE);
        return session;
    }

    private record Answer(int status, String out, String err) {}

    private Answer run(ClientSession session, String command, String input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(PATIENCE);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            return new Answer(channel.getExitStatus(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldRunACommandWithItsStreamsAndItsStatus() throws Exception {
        try (ClientSession session = login("anna")) {
            Answer list = run(session, "user list", "");
            assertEquals(0, list.status(), list.toString());
            assertTrue(list.out().contains("anna  admin "), list.toString());
            Answer added = run(session, "bolide:user add --role=viewer 'dora'", "battery staple\n");
            assertEquals(new Answer(0, "Added dora, who may look and change nothing (viewer).\n", ""), added);
            assertEquals("dora battery staple VIEWER", users.added);
            Answer wrong = run(session, "user add 'two words' x", "");
            assertEquals(64, wrong.status(), wrong.toString());
            assertTrue(wrong.err().startsWith("bolide: user: one word too many: x"), wrong.toString());
            assertEquals(64, run(session, "user list 'open", "").status());
            assertTrue(run(session, "help", "").out().contains("filters  "), "the list of commands");
        }
    }

    @Test
    void shouldLetViewersLookOnly() throws Exception {
        try (ClientSession session = login("carl")) {
            assertEquals(0, run(session, "user list", "").status());
            Answer refused = run(session, "user add dora", "battery staple\n");
            assertEquals(new Answer(1, "", "bolide: carl, you may look, and no more: this needs the role admin.\n"), refused);
            assertEquals("", users.added);
        }
    }

    @Test
    void shouldRefuseWrongPasswordsStrangersAndWhoHasNoRole() throws Exception {
        for (String user : List.of("anna", "stranger", "nora")) {
            try (ClientSession session = connect(user)) {
                session.addPasswordIdentity(user.equals("nora") ? "correct horse" : "wrong horse");
                assertThrows(SshException.class, () -> session.auth().verify(PATIENCE), user);
            }
        }
    }

    @Test
    void shouldTakeAKeyThatStandsInTheUsersFile() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair key = generator.generateKeyPair();
        try (ClientSession session = connect("carl")) {
            session.addPublicKeyIdentity(key);
            assertThrows(SshException.class, () -> session.auth().verify(PATIENCE), "no file");
        }
        Files.writeString(base.resolve("etc/ssh/carl.pub"), "# Carl's\nssh-unheard-of AAAA x\n" + PublicKeyEntry.toString(key.getPublic()) + " carl@home\n");
        try (ClientSession session = connect("carl")) {
            session.addPublicKeyIdentity(key);
            session.auth().verify(PATIENCE);
            assertEquals(0, run(session, "user list", "").status());
            assertEquals(1, run(session, "user add dora", "battery staple\n").status(), "a key gives no other role");
        }
        try (ClientSession session = connect("anna")) {
            session.addPublicKeyIdentity(key);
            assertThrows(SshException.class, () -> session.auth().verify(PATIENCE), "somebody else's");
        }
    }

    @Test
    void shouldGiveAPromptThatKeepsPasswordsFromTheScreen() throws Exception {
        try (ClientSession session = login("anna"); ChannelShell shell = session.createShellChannel();
                PipedOutputStream keys = new PipedOutputStream(); PipedInputStream typed = new PipedInputStream(keys)) {
            ByteArrayOutputStream screen = new ByteArrayOutputStream();
            shell.setPtyType("xterm");
            shell.setIn(typed);
            shell.setOut(screen);
            shell.open().verify(PATIENCE);
            type(keys, screen, "bolide> ", "user add dora\r");
            type(keys, screen, "Password for dora: ", "battery staple\r");
            type(keys, screen, "Once more: ", "battery staple\r");
            type(keys, screen, "Added dora", "use\tli\t\r");
            type(keys, screen, "carl  viewer  set", "\u0004");
            assertTrue(shell.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE).contains(ClientChannelEvent.CLOSED));
            assertEquals("dora battery staple VIEWER", users.added);
            assertFalse(text(screen).contains("battery"), text(screen));
        }
    }

    private static String text(ByteArrayOutputStream screen) {
        return screen.toString(StandardCharsets.UTF_8);
    }

    private static void type(PipedOutputStream keys, ByteArrayOutputStream screen, String awaited, String text) throws IOException {
        await(awaited).atMost(PATIENCE).until(() -> text(screen).contains(awaited));
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    @Test
    void shouldForwardNothing() throws Exception {
        try (ClientSession session = login("anna"); ServerSocket inside = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThrows(IOException.class, () -> session.createDirectTcpipChannel(SshdSocketAddress.LOCALHOST_ADDRESS,
                    new SshdSocketAddress("127.0.0.1", inside.getLocalPort())).open().verify(PATIENCE));
            assertThrows(IOException.class, () -> session.startRemotePortForwarding(new SshdSocketAddress("127.0.0.1", 0),
                    new SshdSocketAddress("127.0.0.1", inside.getLocalPort())));
            try (ChannelSubsystem files = session.createSubsystemChannel("sftp")) {
                files.open().verify(PATIENCE);
                assertTrue(files.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE).contains(ClientChannelEvent.CLOSED));
            }
        }
    }

    @Test
    void shouldKeepItsKeyToItself() throws Exception {
        Path key = base.resolve("etc/ssh/host_key");
        byte[] made = Files.readAllBytes(key);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())));
        listener.close();
        listener = start();
        assertEquals(new String(made, StandardCharsets.UTF_8), Files.readString(key));
        login("anna").close();
    }

    @Test
    void shouldSayWhichPortIsTaken() {
        IOException taken = assertThrows(IOException.class,
                () -> new SshListener(base, "127.0.0.1", listener.port(), Duration.ofMinutes(1), new Commands(services), services));
        assertTrue(taken.getMessage().startsWith("ssh: cannot listen on 127.0.0.1:" + listener.port()), taken.getMessage());
    }

    @Test
    void shouldEndWhatRunsWhenItStops() throws Exception {
        try (ClientSession session = login("anna"); ChannelShell shell = session.createShellChannel()) {
            shell.setPtyType("xterm");
            shell.setIn(new PipedInputStream(new PipedOutputStream()));
            shell.setOut(new ByteArrayOutputStream());
            shell.open().verify(PATIENCE);
            await().atMost(PATIENCE).until(() -> sshThreads() == 1);
            long begunAt = System.nanoTime();
            listener.close();
            await().atMost(PATIENCE).until(() -> sshThreads() == 0);
            assertTrue(System.nanoTime() - begunAt < TimeUnit.SECONDS.toNanos(10));
        }
    }

    private static long sshThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().matches("ssh-\\d+")).count();
    }
}
