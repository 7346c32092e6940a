package org.bolide.api.management;

import java.io.IOException;
import java.util.List;

import org.bolide.api.store.DeadLetter;
import org.osgi.annotation.versioning.ProviderType;

/** Events that handlers gave up on. Registered by the broker. Both methods may read the disk. */
@ProviderType
public interface DeadLetters {

    /** The dead letters, oldest first. */
    List<DeadLetter> list() throws IOException;

    /** Forgets one. Returns whether there was one with this id. */
    boolean drop(long id) throws IOException;
}
