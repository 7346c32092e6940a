package org.bolide.shell.ssh;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Services;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves ssh clients with the commands and nothing else: no files, no forwarding, no other programs. {@code ssh HOST COMMAND} runs
 * one, {@code ssh HOST} gives a prompt. The key by which clients know this broker is made at the first start.
 */
@Component(service = {}, immediate = true, configurationPid = SshListener.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SshConfig.class, factory = true)
public final class SshListener {

    static final String PID = "org.bolide.ssh";

    private static final Logger LOG = LoggerFactory.getLogger(SshListener.class);
    private static final Duration LOGIN_TIME = Duration.ofSeconds(60);
    private static final int MAX_LOGIN_ATTEMPTS = 6;
    private static final int MAX_SESSIONS_PER_USER = 16;

    private final SshServer server = SshServer.setUpDefaultServer();
    private final Set<SshCommand> running = ConcurrentHashMap.newKeySet();

    @Activate
    public SshListener(BundleContext context, SshConfig config, @Reference Services services) throws IOException {
        this(Path.of(context.getProperty("karaf.base")), config.address(), config.port(), Duration.ofMinutes(config.idleMinutes()),
                new Commands(services), services);
    }

    SshListener(Path base, String address, int port, Duration idle, Commands commands, Services services) throws IOException {
        Path folder = ownFolder(base.resolve("etc").resolve("ssh"));
        SimpleGeneratorHostKeyProvider hostKey = new SimpleGeneratorHostKeyProvider(folder.resolve("host_key"));
        hostKey.setAlgorithm("EC");
        hostKey.setKeySize(256);
        hostKey.setStrictFilePermissions(true);
        hostKey.setOverwriteAllowed(false);
        Logins logins = new Logins(services, folder);
        server.setHost(address);
        server.setPort(port);
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setKeyPairProvider(hostKey);
        server.setPasswordAuthenticator(logins);
        server.setPublickeyAuthenticator(logins);
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE,
                UserAuthKeyboardInteractiveFactory.INSTANCE));
        server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setShellFactory(channel -> new SshCommand(commands, base, "", running));
        server.setCommandFactory((channel, line) -> new SshCommand(commands, base, line, running));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, LOGIN_TIME);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MAX_LOGIN_ATTEMPTS);
        CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, MAX_SESSIONS_PER_USER);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, idle);
        try {
            hostKey.loadKeys(null);
            server.start();
        } catch (IOException | RuntimeException e) {
            close();
            throw new IOException("ssh: cannot listen on " + address + ":" + port + ": " + e.getMessage(), e);
        }
        LOG.info("ssh: listens on {}:{}", address, server.getPort());
    }

    /** The port in use. */
    int port() {
        return server.getPort();
    }

    private static Path ownFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder) && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return Files.createDirectories(folder);
    }

    @Deactivate
    void close() throws IOException {
        running.forEach(SshCommand::interrupt);
        server.stop(true);
    }
}
