package org.bolide.api;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Small things that bundles remember across restarts: bans, pauses, learned rates. They stand in the database of the log, and
 * move and are backed up with it. Registered by the broker. Not for what comes with each event: every write is a transaction of
 * its own. Safe for any number of threads; all methods may wait for the disk.
 */
@ProviderType
public interface KeptState {

    /**
     * All that is kept of one kind, by key.
     *
     * @param kind a word that the bundle owns, for example {@code ban}
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    SortedMap<String, String> read(String kind);

    /**
     * Changes some of one kind, all or nothing; the others stay. It is on disk when this returns.
     *
     * @param changes by key, of at most 500 characters; empty forgets
     * @throws IllegalArgumentException if a key is longer; then nothing is changed
     * @throws java.io.UncheckedIOException if the log cannot be written now; then nothing is changed
     */
    void write(String kind, Map<String, Optional<String>> changes);
}
