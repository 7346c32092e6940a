package org.bolide.archive;

import java.time.DateTimeException;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class IsoTimeTest {

    /** What Python's iso8601.parse_date made of them (version 1.0.2). */
    @ParameterizedTest
    @CsvSource({
            "2015, 2015-01-01T00:00:00Z",
            "2015-10, 2015-10-01T00:00:00Z",
            "2015-1, 2015-01-01T00:00:00Z",
            "2015-10-09, 2015-10-09T00:00:00Z",
            "2015-1-9, 2015-01-09T00:00:00Z",
            "20151009, 2015-10-09T00:00:00Z",
            "201510-09, 2015-10-09T00:00:00Z",
            "2015-10-09T21, 2015-10-09T21:00:00Z",
            "2015-10-09T21:34, 2015-10-09T21:34:00Z",
            "2015-10-09 21:34:19, 2015-10-09T21:34:19Z",
            "2015-10-09T21:34:19Z, 2015-10-09T21:34:19Z",
            "2015-10-09T213419Z, 2015-10-09T21:34:19Z",
            "2015-10-09T21:34:19.5, 2015-10-09T21:34:19.500Z",
            "'2015-10-09T21:34:19,123456', 2015-10-09T21:34:19.123456Z",
            "2015-10-09T21:34:19+01:30, 2015-10-09T20:04:19Z",
            "2015-10-09T21:34:19-0130, 2015-10-09T23:04:19Z",
            "2015-10-09T21:34:19.25+02, 2015-10-09T19:34:19.250Z",
            "2016-02-29, 2016-02-29T00:00:00Z"})
    void shouldReadWhatPythonReads(String text, Instant time) {
        assertEquals(time, IsoTime.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "201510", "2015-13", "2015-02-29", "2015-10-09T", "2015-10-09T24:00", "2015-10-09T21:34:60", "2015-10-09T21:34:19+19:00", "today",
            "2015-10-09T21:34:19+1", "2015-10-09T21:34:19 00:00", " 2015", "2015-10-09X21"})
    void shouldRefuseWhatIsNoDate(String text) {
        assertThrows(DateTimeException.class, () -> IsoTime.parse(text));
    }

    @Test
    void shouldWriteAsPythonWrites() {
        assertEquals("2015-10-01T15:04:46+00:00", IsoTime.format(Instant.parse("2015-10-01T15:04:46.000000999Z")));
        assertEquals("2015-10-01T15:04:22.930000+00:00", IsoTime.format(Instant.parse("2015-10-01T15:04:22.93Z")));
    }
}
