package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/** Who may not connect, whatever the listeners' allow-lists say. Registered by the bundle that listens; kept across restarts. */
@ProviderType
public interface Bans {

    /** The bans in force, oldest first. Does not block. */
    List<Ban> bans();

    /**
     * Keeps a network out and closes the connections that it has. A ban of the same network is replaced. May wait for the disk.
     *
     * @param network see {@link org.bolide.api.Networks}
     * @param until when it ends by itself
     * @param reason for people; may be empty
     * @return how many connections were closed
     * @throws IllegalArgumentException if that is no network; for people
     * @throws java.io.UncheckedIOException if it cannot be kept; then nothing is changed
     */
    int ban(String network, Optional<Instant> until, String reason);

    /**
     * Lets a network in again. May wait for the disk.
     *
     * @return whether there was such a ban
     * @throws IllegalArgumentException if that is no network; for people
     * @throws java.io.UncheckedIOException if it cannot be kept; then nothing is changed
     */
    boolean lift(String network);

    /**
     * One ban.
     *
     * @param refused how many connections it has turned away since the broker was started
     */
    record Ban(String network, Instant since, Optional<Instant> until, String reason, long refused) {}
}
