package org.bolide.filtering.sky;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jastronomy.jsofa.JSOFA;
import org.jastronomy.jsofa.JSOFAIllegalParameter;
import org.jastronomy.jsofa.JSOFAInternalError;

/** Times as astronomers count them. */
final class Times {

    /** The first and the last whole day of the years 0000 to 9999, as Modified Julian Dates. */
    static final double FIRST_MJD = -678941;
    static final double LAST_MJD = 2973483;

    /** 1970-01-01. */
    private static final int EPOCH_MJD = 40587;
    private static final double DAY_SECONDS = 86400;
    private static final double TT_MINUS_TAI_SECONDS = 32.184;

    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);

    /**
     * A Julian Date in the two parts that SOFA likes best.
     *
     * @param day the last midnight
     */
    record JulianDate(double day, double fraction) {
    }

    private Times() {
    }

    /** The Modified Julian Date, UTC; exact to a microsecond. */
    static double mjd(Instant time) {
        return EPOCH_MJD + Math.floorDiv(time.getEpochSecond(), (long) DAY_SECONDS) + fraction(time);
    }

    /** UTC, to the millisecond, in the form that events use: {@code 2014-04-30T20:35:49.040}. */
    static String iso(double mjd) {
        double day = Math.floor(mjd);
        long millis = Math.round((mjd - day) * DAY_SECONDS * 1000);
        long epochMillis = ((long) day - EPOCH_MJD) * (long) DAY_SECONDS * 1000 + millis;
        return ISO.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(epochMillis), ZoneOffset.UTC));
    }

    /** Terrestrial Time. Not before 1960, when UTC began; leap seconds as JSOFA knows them, none after its last. */
    static JulianDate terrestrial(Instant utc) {
        LocalDateTime date = LocalDateTime.ofInstant(utc, ZoneOffset.UTC);
        JulianDate julian = julian(utc);
        try {
            double tai = JSOFA.jauDat(date.getYear(), date.getMonthValue(), date.getDayOfMonth(), julian.fraction);
            return new JulianDate(julian.day, julian.fraction + (tai + TT_MINUS_TAI_SECONDS) / DAY_SECONDS);
        } catch (JSOFAIllegalParameter | JSOFAInternalError e) {
            throw new IllegalArgumentException(utc + " is before UTC began", e);
        }
    }

    static double besselianYear(Instant time) {
        JulianDate julian = julian(time);
        return JSOFA.jauEpb(julian.day, julian.fraction);
    }

    private static JulianDate julian(Instant time) {
        return new JulianDate(JSOFA.DJM0 + Math.floor(mjd(time)), fraction(time));
    }

    private static double fraction(Instant time) {
        return (Math.floorMod(time.getEpochSecond(), (long) DAY_SECONDS) + time.getNano() / 1e9) / DAY_SECONDS;
    }
}
