package org.bolide.api;

import org.osgi.annotation.versioning.ProviderType;

/** The log as everybody reads it. Safe for use by any number of threads. */
@ProviderType
public interface EventLog {

    /**
     * Opens a reader. May read the disk.
     *
     * @throws IllegalStateException if a reader of that name is open already
     */
    EventReader open(ReaderSpec spec);

    /** The sequence of the newest event that is on disk; 0 if there has been none. Does not block. */
    long latest();
}
