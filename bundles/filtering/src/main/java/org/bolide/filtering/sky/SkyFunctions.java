package org.bolide.filtering.sky;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.bolide.filtering.sky.SkyFunction.Body;
import org.bolide.filtering.sky.SkyFunction.Type;

/**
 * The table of the functions. Angles are in degrees; positions in ICRS, in the order longitude, latitude; times in UTC.
 * A function without a position or a time as argument is about the event's own: where it says it happened, and when it
 * did, or else when it was written.
 */
final class SkyFunctions {

    static final List<SkyFunction> ALL = List.of(
            number("ra", (event, args) -> event.position().longitude()),
            number("dec", (event, args) -> event.position().latitude()),
            number("error-radius", (event, args) -> event.errorRadius()),

            number("separation", (event, args) -> event.position().separation(place(args, 0)), Parameter.RA, Parameter.DEC),
            number("separation", (event, args) -> place(args, 0).separation(place(args, 2)),
                    Parameter.RA, Parameter.DEC, Parameter.RA, Parameter.DEC),
            test("in-cone", (event, args) -> event.position().separation(place(args, 0)) <= (Double) args[2],
                    Parameter.RA, Parameter.DEC, Parameter.RADIUS),

            number("galactic-longitude", (event, args) -> event.position().toGalactic().longitude()),
            number("galactic-longitude", (event, args) -> place(args, 0).toGalactic().longitude(), Parameter.RA, Parameter.DEC),
            number("galactic-latitude", (event, args) -> event.position().toGalactic().latitude()),
            number("galactic-latitude", (event, args) -> place(args, 0).toGalactic().latitude(), Parameter.RA, Parameter.DEC),
            number("ecliptic-longitude", (event, args) -> event.position().toEcliptic().longitude()),
            number("ecliptic-longitude", (event, args) -> place(args, 0).toEcliptic().longitude(), Parameter.RA, Parameter.DEC),
            number("ecliptic-latitude", (event, args) -> event.position().toEcliptic().latitude()),
            number("ecliptic-latitude", (event, args) -> place(args, 0).toEcliptic().latitude(), Parameter.RA, Parameter.DEC),

            number("sun-separation", (event, args) -> event.sunSeparation()),
            number("moon-separation", (event, args) -> event.moonSeparation()),

            number("age", (event, args) -> event.ageSeconds()),
            number("mjd", (event, args) -> event.mjd()),
            number("mjd", (event, args) -> Parameter.mjd((String) args[0]).orElse(Double.NaN), Parameter.TIME),
            new SkyFunction("iso", List.of(Parameter.MJD), Type.STRING, (event, args) -> Times.iso((Double) args[0])),

            test("is-follow-up", (event, args) -> event.isA("followup")),
            test("supersedes", (event, args) -> event.isA("supersedes")),
            test("is-retraction", (event, args) -> event.isA("retraction")),
            test("cites", (event, args) -> event.cites((String) args[0]), Parameter.IVOID));

    private record Key(String name, int arguments) {
    }

    private static final Map<Key, SkyFunction> BY_KEY = ALL.stream().collect(Collectors.toMap(
            function -> new Key(function.name(), function.parameters().size()), function -> function));

    private SkyFunctions() {
    }

    static Optional<SkyFunction> find(String name, int arguments) {
        return Optional.ofNullable(BY_KEY.get(new Key(name, arguments)));
    }

    private static SkyFunction number(String name, Body body, Parameter... parameters) {
        return new SkyFunction(name, List.of(parameters), Type.NUMBER, body);
    }

    private static SkyFunction test(String name, Body body, Parameter... parameters) {
        return new SkyFunction(name, List.of(parameters), Type.BOOLEAN, body);
    }

    private static Direction place(Object[] arguments, int first) {
        return Direction.of((Double) arguments[first], (Double) arguments[first + 1]);
    }
}
