package org.bolide.web.broker;

import java.time.Instant;
import java.util.OptionalDouble;

import org.bolide.api.Ephemeris;
import org.bolide.api.SkyPosition;
import org.bolide.web.Described;
import org.bolide.web.http.TestPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SkyEndpointTest implements Ephemeris {

    private TestPage page;

    @Override
    public SkyPosition sun(Instant at) {
        return new SkyPosition(at.getEpochSecond() < 0 ? Double.NaN : at.getEpochSecond() % 360, -20.5, OptionalDouble.empty(), "ICRS");
    }

    @Override
    public SkyPosition moon(Instant at) {
        return new SkyPosition(12.25, 4, OptionalDouble.empty(), "ICRS");
    }

    @BeforeEach
    void open() throws Exception {
        page = new TestPage().with("/sky", new SkyEndpoint(this)).start();
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void shouldTellWhereSunAndMoonAre() throws Exception {
        assertEquals("{\"at\":\"1970-01-01T00:01:30Z\",\"sun\":{\"longitude\":90.0,\"latitude\":-20.5},\"moon\":{\"longitude\":12.25,\"latitude\":4.0}}",
                page.get("/api/v1/sky?at=1970-01-01T00:01:30Z").body());
        new Described().check("GET", "/sky", 200, page.get("/api/v1/sky").json());
        assertEquals(400, page.get("/api/v1/sky?at=1960-01-01T00:00:00Z").status());
        assertEquals(400, page.get("/api/v1/sky?at=now").status());
    }
}
