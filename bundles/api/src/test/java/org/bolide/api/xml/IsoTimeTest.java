package org.bolide.api.xml;

import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class IsoTimeTest {

    @ParameterizedTest
    @CsvSource({
        "2014-04-29T10:38:11, 2014-04-29T10:38:11Z",
        "2014-04-29T10:38:11Z, 2014-04-29T10:38:11Z",
        "2014-04-29 10:38:11 UTC, 2014-04-29T10:38:11Z",
        "2014-04-29T10:38, 2014-04-29T10:38:00Z",
        "2014-04-29T10:38:11.5, 2014-04-29T10:38:11.500Z",
        "2014-04-29T10:38:11.123456789987654321, 2014-04-29T10:38:11.123456789Z",
        "2014-04-29T10:38:11+02:00, 2014-04-29T08:38:11Z",
        "2014-04-29T10:38:11-0530, 2014-04-29T16:08:11Z",
        "2014-04-29, 2014-04-29T00:00:00Z",
        "2016-12-31T23:59:60.25, 2017-01-01T00:00:00.250Z",
    })
    void shouldReadTimesAsUtc(String text, Instant expected) {
        assertEquals(Optional.of(expected), IsoTime.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "2014", "2014-13-01", "2014-02-30T00:00:00", "2014-04-29T25:00:00",
        "2014-04-29T10:61:00", "2014-04-29T10:38:61", "10:38:11", "29 Apr 2014", "2014-04-29T10:38:11+99:00", "٢٠١٤-04-29"})
    void shouldLeaveOutWhatIsNoTime(String text) {
        assertEquals(Optional.empty(), IsoTime.parse(text));
    }
}
