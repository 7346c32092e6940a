package org.bolide.filtering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.EventHeader;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.Reading;
import org.bolide.api.SkyPosition;
import org.bolide.filtering.sky.SkyFunction;
import org.bolide.filtering.xquery.XQueryLanguage;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The sky and time functions as a subscriber writes them. */
class SkyFiltersTest {

    private static final Path PAGE = Path.of("../../docs/filters.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(sky:[^`]*)` \\|.*\\| `([^`]*)` \\|$");

    private final FilterLanguage xpath = new XPathLanguage(new FilterRegistry());
    private final FilterLanguage xquery = new XQueryLanguage(new FilterRegistry(), List.of());

    private final BrokerEvent located = event(Optional.of(new SkyPosition(83.63, 22.01, OptionalDouble.of(0.05), "UTC-FK5-GEO")));
    private final BrokerEvent nowhere = event(Optional.empty());

    @ParameterizedTest
    @ValueSource(strings = {
        "sky:ra() = 83.63 and sky:dec() = 22.01 and sky:error-radius() <= 0.05",
        "sky:in-cone(83, 22, 1)",
        "sky:separation(83, 22) < 1",
        "sky:separation(sky:ra(), sky:dec(), 83, 22) < 1",
        "sky:galactic-latitude() < -5 and sky:galactic-latitude() > -6",
        "sky:galactic-latitude(83.63, 22.01) = sky:galactic-latitude()",
        "sky:ecliptic-latitude() > -2 and sky:ecliptic-latitude() < 0",
        "sky:sun-separation() > 43 and sky:sun-separation() < 45",
        "sky:moon-separation() > 20 and sky:moon-separation() < 30",
        "sky:age() = 60",
        "sky:mjd() > sky:mjd('2014-04-29T10:00:00') and sky:mjd() < sky:mjd('2014-05-01')",
        "starts-with(sky:iso(sky:mjd()), '2014-04-30T')",
        "sky:is-follow-up() and not(sky:supersedes()) and not(sky:is-retraction())",
        "sky:cites('ivo://example.org/stream#1')",
    })
    void shouldPassWhatIsTrueInTheSky(String filter) throws FilterSyntaxException {
        assertTrue(xpath.compile(filter, Map.of()).matches(located), filter);
        assertTrue(xquery.compile(filter, Map.of()).matches(located), filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "sky:ra() >= 0", "sky:ra() < 0", "sky:dec()", "sky:in-cone(0, 0, 180)", "sky:separation(0, 0) >= 0",
        "sky:galactic-latitude() > -91", "sky:sun-separation() >= 0", "sky:moon-separation() >= 0",
        "sky:in-cone(83, //nosuch, 10)", "sky:mjd(//nosuch) > 0 or sky:iso(//nosuch) != ''",
    })
    void shouldNotPassWhereThereIsNoPosition(String filter) throws FilterSyntaxException {
        assertFalse(xpath.compile(filter, Map.of()).matches(nowhere), filter);
        assertFalse(xquery.compile(filter, Map.of()).matches(nowhere), filter);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', value = {
        "@role and sky:in-cone(22, 266.4, 5)¦ must be degrees from -90 to 90¦ 26",
        "sky:in-cone('5h34m', 22, 5)¦ the argument ra of sky:in-cone(ra, dec, radius) must be degrees¦ 12",
        "sky:in-cone(1, 2, -3)¦ degrees from 0 to 180¦ 18",
        "sky:in-cone(@role = 'test', 2, 3)¦ must be degrees¦ 12",
        "sky:mjd(56777)¦ must be a time, such as \"2014-04-30T20:35:49\"¦ 8",
        "sky:mjd('30.4.2014')¦ must be a time¦ 8",
        "sky:separation(1, 2, 3)¦ write sky:separation(ra, dec) or sky:separation(ra, dec, ra, dec)¦ 0",
        "1 = sky:now()¦ sky:now() is not a sky function; there are ra, dec, ¦ 4",
        "sky:ra(¦ , not the end¦ 7",
    })
    void shouldRefuseWhatCannotBeMeant(String filter, String reason, int offset) {
        assertRefused(xpath, filter, reason, offset);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', value = {
        "/*/@role and sky:in-cone(22, 266.4, 5)¦ must be degrees from -90 to 90¦ 29",
        "sky:in-cone('5h34m', 22, 5)¦ the argument ra of sky:in-cone(ra, dec, radius) must be degrees¦ 12",
        "sky:in-cone(1, 2, 181)¦ degrees from 0 to 180¦ 18",
        "sky:mjd('30.4.2014')¦ must be a time¦ 8",
        "sky:separation(1, 2, 3)¦ write sky:separation(ra, dec) or sky:separation(ra, dec, ra, dec)¦ 0",
        "1 = sky:now()¦ sky:now() is not a sky function; there are ra, dec, ¦ 4",
    })
    void shouldRefuseInXQueryWhatCannotBeMeant(String filter, String reason, int offset) {
        assertRefused(xquery, filter, reason, offset);
    }

    private static void assertRefused(FilterLanguage language, String filter, String reason, int offset) {
        FilterSyntaxException refused = assertThrows(FilterSyntaxException.class, () -> language.compile(filter, Map.of()));
        assertTrue(refused.getMessage().contains(reason.strip()), refused.getMessage());
        assertEquals(offset, refused.offset(), refused.getMessage());
    }

    @Test
    void shouldEndAnEvaluationThatAsksTheSkyTooOften() throws FilterSyntaxException {
        EventExpression filter = xpath.compile(
                "count(//*[count(//*[count(//*[sky:separation(1, 2) > 3]) > 1]) > 1]) > 1", Map.of());
        assertFalse(filter.matches(located));
        assertTrue(filter.overran());
        EventExpression query = xquery.compile(
                "count(//*[count(//*[count(//*[sky:separation(1, 2) > 3]) > 1]) > 1]) > 1", Map.of());
        assertFalse(query.matches(located));
        assertTrue(query.overran());
    }

    @Test
    void shouldSayTheSameInBothLanguages() throws FilterSyntaxException {
        for (String call : List.of("sky:ra()", "sky:dec()", "sky:separation(1, 2)", "sky:galactic-longitude()", "sky:ecliptic-latitude(1, 2)",
                "sky:sun-separation()", "sky:moon-separation()", "sky:age()", "sky:iso(sky:mjd())", "sky:is-follow-up()")) {
            assertEquals(xpath.compile(call, Map.of()).select(located), xquery.compile(call, Map.of()).select(located), call);
        }
    }

    @Test
    void shouldBeDocumentedWithExamplesThatWork() throws IOException, FilterSyntaxException {
        Matcher row = ROW.matcher(Files.readString(PAGE));
        List<String> missing = new ArrayList<>(SkyFunction.all().stream().map(SkyFunction::signature).toList());
        while (row.find()) {
            assertTrue(missing.remove(row.group(1)), row.group(1) + " is not a function, or stands there twice");
            assertTrue(row.group(2).contains(row.group(1).substring(0, row.group(1).indexOf('('))), row.group(2));
            xpath.compile(row.group(2), Map.of());
            xquery.compile(row.group(2), Map.of());
        }
        assertEquals(List.of(), missing, "not in " + PAGE);
    }

    private static BrokerEvent event(Optional<SkyPosition> position) {
        Instant time = Instant.parse("2014-04-30T20:35:49Z");
        EventHeader header = new EventHeader(new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent"), Optional.empty(),
                Optional.of("observation"), Optional.empty(), Optional.empty(), Optional.of(time), position,
                List.of(new Citation("ivo://example.org/stream#1", "followup")));
        return new DetachedEvent(new Reading(header, List.of()), ByteBuffer.wrap(SampleEvents.swift()), "test", time.plusSeconds(60));
    }
}
