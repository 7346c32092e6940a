package org.bolide.api.management;

import java.time.Instant;
import java.util.OptionalLong;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The broker's run. Registered by the launcher when the start is complete: all that was asked for runs, or had a minute's
 * time for it. No method blocks.
 */
@ProviderType
public interface BrokerRun {

    /** The version of the product that runs. */
    String version();

    /** Since when the start is complete. */
    Instant since();

    /** The id of the process for whose command alone this broker was started, without ports and handlers; empty otherwise. */
    OptionalLong command();
}
