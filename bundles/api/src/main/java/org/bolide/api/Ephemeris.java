package org.bolide.api;

import java.time.Instant;

import org.osgi.annotation.versioning.ProviderType;

/** Where the Sun and the Moon are. Registered by the bundle that knows astronomy. Pure; any number of threads; does not block. */
@ProviderType
public interface Ephemeris {

    /**
     * The Sun as seen from the Earth's centre.
     *
     * @return ICRS, degrees; NaN outside the years that the theory covers
     */
    SkyPosition sun(Instant at);

    /**
     * The Moon as seen from the Earth's centre; from the ground it is up to a degree from there.
     *
     * @return ICRS, degrees; NaN outside the years that the theory covers
     */
    SkyPosition moon(Instant at);
}
