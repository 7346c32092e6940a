package org.bolide.shell.control;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.bolide.api.management.BrokerRun;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Services;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands on a Unix-domain socket that only the broker's user can reach (see {@link SocketPlace}), in the frames of
 * {@link Frame}. The thread {@code control-accept} takes connections; each command has a thread {@code control-N} and one that
 * listens to its client. Commands wait until the broker's start is complete. Where no such socket can be made, the broker
 * runs without.
 */
@Component(service = {}, immediate = true)
public final class ControlSocket {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int MAX_SESSIONS = 16;
    private static final long STOP_SECONDS = 5;
    /** Longer than the launcher waits for what does not start. */
    private static final long START_SECONDS = 75;

    private final CountDownLatch started = new CountDownLatch(1);
    private volatile OptionalLong onlyFor = OptionalLong.empty();
    private final Semaphore free = new Semaphore(MAX_SESSIONS);
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong number = new AtomicLong();
    private final Commands commands;
    private final Optional<SocketPlace> place;

    @Activate
    public ControlSocket(BundleContext context, @Reference Services services) {
        this(services, Path.of(context.getProperty("karaf.base")), temporary());
    }

    ControlSocket(Services services, Path base, Path temporary) {
        commands = new Commands(services);
        place = open(base, temporary);
        place.ifPresent(open -> new Thread(() -> accept(open), "control-accept").start());
    }

    /** Karaf sets the property java.io.tmpdir to a directory below the base, whose path is as long. */
    private static Path temporary() {
        String variable = System.getenv("TMPDIR");
        return Path.of(variable == null || variable.isBlank() ? "/tmp" : variable);
    }

    private static Optional<SocketPlace> open(Path base, Path temporary) {
        try {
            SocketPlace opened = SocketPlace.open(base, temporary);
            LOG.debug("commands are taken at {}", opened.path());
            return Optional.of(opened);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("\"bolide COMMAND\" does not reach this broker: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindRun(BrokerRun run) {
        onlyFor = run.command();
        started.countDown();
    }

    void unbindRun(BrokerRun run) {
        LOG.debug("the launcher has gone; it was complete since {}", run.since());
    }

    /** Waits for the end of the start; false if it does not come. */
    boolean awaitStart() throws InterruptedException {
        return started.await(START_SECONDS, TimeUnit.SECONDS);
    }

    Commands commands() {
        return commands;
    }

    /** The id of the only process whose commands are taken; empty for all. */
    OptionalLong onlyFor() {
        return onlyFor;
    }

    private void accept(SocketPlace open) {
        try {
            while (true) {
                SocketChannel client = open.channel().accept();
                if (!free.tryAcquire()) {
                    Session.refuse(client, "The broker carries out " + MAX_SESSIONS + " commands already. Try again later.");
                    continue;
                }
                Session session = new Session(client, this, "control-" + number.incrementAndGet());
                sessions.add(session);
                session.start(() -> {
                    sessions.remove(session);
                    free.release();
                });
            }
        } catch (AsynchronousCloseException e) {
            LOG.debug("no more commands are taken");
        } catch (IOException e) {
            LOG.error("no more commands are taken until the broker is started again: {}", e.getMessage());
        }
    }

    @Deactivate
    void close() throws InterruptedException, IOException {
        if (place.isPresent()) {
            place.get().close();
        }
        for (Session session : sessions) {
            session.end();
        }
        if (free.tryAcquire(MAX_SESSIONS, STOP_SECONDS, TimeUnit.SECONDS)) {
            free.release(MAX_SESSIONS);
        } else {
            LOG.warn("commands do not end within {} s of being interrupted: {}", STOP_SECONDS, sessions);
        }
    }
}
