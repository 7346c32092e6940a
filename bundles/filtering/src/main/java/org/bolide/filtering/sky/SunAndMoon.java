package org.bolide.filtering.sky;

import java.time.Instant;
import java.util.OptionalDouble;

import org.bolide.api.SkyPosition;
import org.osgi.service.component.annotations.Component;

/** The Sun and the Moon of the sky functions, for who draws the sky: a map shows them where filters place them. */
@Component
public final class SunAndMoon implements org.bolide.api.Ephemeris {

    private static final String FRAME = "UTC-ICRS-GEO";

    @Override
    public SkyPosition sun(Instant at) {
        return position(Ephemeris.sun(at));
    }

    @Override
    public SkyPosition moon(Instant at) {
        return position(Ephemeris.moon(at));
    }

    private static SkyPosition position(Direction direction) {
        return new SkyPosition(direction.longitude(), direction.latitude(), OptionalDouble.empty(), FRAME);
    }
}
