package org.bolide.shell.command;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.api.EventQuery.Cone;
import org.bolide.api.SkyPosition;

/** Places on the sky, as people write and read them. */
final class Sky {

    private static final Pattern SEXAGESIMAL = Pattern.compile("([+-]?)(\\d{1,3}):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d*)?))?");
    private static final double DEGREES_AN_HOUR = 15;

    private Sky() {}

    /** {@code RA,DEC,RADIUS} in degrees; right ascension and declination also as {@code 06:57:05,+41:18:36}, hours and degrees. */
    static Cone cone(Call call, String text) throws Refusal {
        String[] parts = text.strip().split("\\s*,\\s*");
        if (parts.length == 3) {
            try {
                return new Cone(angle(parts[0], DEGREES_AN_HOUR), angle(parts[1], 1), Double.parseDouble(parts[2]));
            } catch (NumberFormatException e) {
                throw wrong(call, text);
            } catch (IllegalArgumentException e) {
                throw call.wrong(e.getMessage());
            }
        }
        throw wrong(call, text);
    }

    private static Refusal wrong(Call call, String text) {
        return call.wrong("--cone takes RA,DEC,RADIUS in degrees, such as 104.27,41.31,2 or 06:57:05,+41:18:36,2, not \"" + Screen.line(text) + "\"");
    }

    private static double angle(String text, double unit) {
        Matcher matcher = SEXAGESIMAL.matcher(text);
        if (!matcher.matches()) {
            return Double.parseDouble(text);
        }
        double minutes = Double.parseDouble(matcher.group(3));
        double seconds = matcher.group(4) == null ? 0 : Double.parseDouble(matcher.group(4));
        if (minutes >= 60 || seconds >= 60) {
            throw new NumberFormatException(text);
        }
        double size = Double.parseDouble(matcher.group(2)) + minutes / 60 + seconds / 3600;
        return unit * (matcher.group(1).equals("-") ? -size : size);
    }

    /** Degrees between the centre and the position. */
    static double distance(Cone cone, SkyPosition position) {
        double half = Math.toRadians(position.latitude() - cone.latitude()) / 2;
        double across = Math.toRadians(position.longitude() - cone.longitude()) / 2;
        double haversine = Math.pow(Math.sin(half), 2)
                + Math.cos(Math.toRadians(cone.latitude())) * Math.cos(Math.toRadians(position.latitude())) * Math.pow(Math.sin(across), 2);
        return Math.toDegrees(2 * Math.asin(Math.sqrt(Math.min(1, haversine))));
    }

    /** {@code 104.27 +41.31}. */
    static String brief(SkyPosition at) {
        return String.format(Locale.ROOT, "%.2f %+.2f", at.longitude(), at.latitude());
    }

    /** {@code 104.2718, +41.3101 degrees (06:57:05.2 +41:18:36), error 0.05, UTC-FK5-GEO}. */
    static String full(SkyPosition at) {
        String error = at.errorRadius().isPresent() ? String.format(Locale.ROOT, ", error %s", number(at.errorRadius().getAsDouble())) : "";
        return String.format(Locale.ROOT, "%s, %s%s degrees (%s %s)%s%s", number(at.longitude()), at.latitude() < 0 ? "" : "+", number(at.latitude()),
                hours(at.longitude()), degrees(at.latitude()), error, at.frame().isEmpty() ? "" : ", " + at.frame());
    }

    private static String number(double value) {
        return new BigDecimal(value).setScale(5, RoundingMode.HALF_EVEN).stripTrailingZeros().toPlainString();
    }

    private static String hours(double longitude) {
        long tenths = Math.round(((longitude % 360 + 360) % 360) / DEGREES_AN_HOUR * 36_000) % 864_000;
        return "%02d:%02d:%02d.%d".formatted(tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60, tenths % 10);
    }

    private static String degrees(double latitude) {
        long seconds = Math.round(Math.abs(latitude) * 3_600);
        return "%s%02d:%02d:%02d".formatted(latitude < 0 ? "-" : "+", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
}
