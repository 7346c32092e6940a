package org.bolide.filtering.sky;

import java.util.Optional;

import org.bolide.api.xml.IsoTime;
import org.bolide.filtering.sky.SkyFunction.Type;

/** What a function may be given. */
enum Parameter {
    RA("ra", "degrees from -360 to 360", -360, 360),
    DEC("dec", "degrees from -90 to 90", -90, 90),
    RADIUS("radius", "degrees from 0 to 180", 0, 180),
    MJD("mjd", "a Modified Julian Date, such as 56777.858", Times.FIRST_MJD, Times.LAST_MJD),
    TIME("time", "a time, such as \"2014-04-30T20:35:49\""),
    IVOID("ivoid", "an IVOID, such as \"ivo://authority/stream#local\"");

    /** No time is longer. */
    private static final int MAX_TIME_LENGTH = 64;

    private static final int ANGLE_NANOS = 200;
    private static final int TEXT_NANOS = 1000;

    private final String word;
    private final String meaning;
    private final Type type;
    private final double least;
    private final double most;

    Parameter(String word, String meaning, double least, double most) {
        this.word = word;
        this.meaning = meaning;
        this.type = Type.NUMBER;
        this.least = least;
        this.most = most;
    }

    Parameter(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
        this.type = Type.STRING;
        this.least = Double.NaN;
        this.most = Double.NaN;
    }

    String word() {
        return word;
    }

    String meaning() {
        return meaning;
    }

    Type type() {
        return type;
    }

    /** Whether a function can make something of the argument. */
    boolean takes(Object argument) {
        return switch (this) {
            case RA, DEC, RADIUS, MJD -> (Double) argument >= least && (Double) argument <= most;
            case TIME -> mjd((String) argument).isPresent();
            case IVOID -> true;
        };
    }

    /** About what a call costs for this argument. */
    int costNanos() {
        return type == Type.STRING ? TEXT_NANOS : ANGLE_NANOS;
    }

    static Optional<Double> mjd(String text) {
        return text.length() > MAX_TIME_LENGTH ? Optional.empty() : IsoTime.parse(text).map(Times::mjd);
    }
}
