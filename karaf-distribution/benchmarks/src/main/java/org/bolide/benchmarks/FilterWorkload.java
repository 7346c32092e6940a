package org.bolide.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;

/**
 * Filters to be timed, and the events to time them on: the real ones where the folder of real data is, else the sample of
 * the project.
 */
enum FilterWorkload {

    /** The four expressions of Comet's paper (Swinbank 2014, section 4.3); the last one without its extra parenthesis. */
    PAPER_1("//Who/Author[shortName=\"VO-GCN\"]"),
    PAPER_2("//How[contains(Description, \"Swift\")]"),
    PAPER_3("//Param[@name=\"Sun_Distance\" and @value>40]"),
    PAPER_4("//How[contains(Description, \"Swift\")] or (//Param[@name=\"Sun_Distance\" and @value>40]"
            + " and //Who/Author[shortName=\"VO-GCN\"])"),

    /** Distinct filters of every kind that subscribers are known to use. */
    PUBLIC_1000(Kinds.publicKind(1_000)),

    /** Distinct filters that test no more than role, stream, IVOID or one Param. */
    INDEXABLE_10000(Kinds.indexable(10_000));

    private static final int MOST_VERDICTS = 250_000;

    private final List<String> filters;

    FilterWorkload(String filter) {
        this(List.of(filter));
    }

    FilterWorkload(List<String> filters) {
        this.filters = filters;
    }

    List<String> filters() {
        return filters;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The events to run the filters on: all, or an even choice of them where all take too long. */
    List<byte[]> events() {
        List<byte[]> real = SharedData.events().stream()
                .filter(RealEvent::real)
                .map(RealEvent::content)
                .toList();
        List<byte[]> all = real.isEmpty() ? SampleEvents.all() : real;
        int step = Math.max(1, all.size() * filters.size() / MOST_VERDICTS);
        return IntStream.iterate(0, at -> at < all.size(), at -> at + step).mapToObj(all::get).toList();
    }

    /** Makes filters that differ in what they look for, from words of the real streams. */
    private static final class Kinds {

        private static final List<String> NAMES = List.of("Packet_Type", "Pkt_Ser_Num", "TrigID", "Burst_TJD", "Burst_SOD",
                "Sun_RA", "Sun_Dec", "Sun_Distance", "Sun_Hr_Angle", "MOON_Distance", "Moon_Illum", "Galactic_Long",
                "Galactic_Lat", "Ecliptic_Long", "Ecliptic_Lat", "Rate_Signif", "Image_Signif", "Bkg_Inten", "Burst_Inten",
                "Most_Likely_Index", "Most_Likely_Prob", "SC_Lat", "SC_Long", "Trig_Dur", "Integ_Time", "magnitude");
        private static final List<String> STREAMS = List.of("nasa.gsfc.gcn/SWIFT", "nasa.gsfc.gcn/Fermi",
                "nasa.gsfc.gcn/INTEGRAL", "nasa.gsfc.gcn/MAXI", "nasa.gsfc.gcn/AGILE", "com.dc3/dc3.broker",
                "nvo.caltech/voeventnet/catot", "voevent.4pisky.org/voevent-broadcast");
        private static final List<String> ROLES = List.of("observation", "utility", "test", "prediction");

        private static List<String> publicKind(int count) {
            return IntStream.range(0, count).mapToObj(Kinds::publicFilter).toList();
        }

        private static String publicFilter(int i) {
            String name = NAMES.get(i % NAMES.size());
            String stream = STREAMS.get(i % STREAMS.size());
            String role = ROLES.get(i % ROLES.size());
            return switch (i % 20) {
                case 0 -> "//Param[@name=\"" + name + "\" and @value>" + i + "]";
                case 1 -> "//Who[AuthorIVORN=\"ivo://" + stream + i + "\"]";
                case 2 -> "//Who/Author[contactName=\"Observer " + i + "\"]";
                case 3 -> "//How[contains(Description, \"instrument " + i + "\")]";
                case 4 -> "/*[local-name()=\"VOEvent\" and @role!=\"" + role + i + "\"]";
                case 5 -> "@role=\"" + role + "\" and not(//Param[@name=\"" + name + "\" and @value=\"" + i + "\"])";
                case 6 -> "starts-with(@ivorn, \"ivo://" + stream + "#" + i + "\")";
                case 7 -> "contains(@ivorn, \"#GBM_" + i + "\") and @role != \"test\"";
                case 8 -> "//Param[@name=\"Packet_Type\" and (@value=" + i + " or @value=" + (i + 1) + ")]";
                case 9 -> "//Param[@name=\"" + name + "\"]/@value >= " + i;
                case 10 -> "//Group[@name=\"Solution_Status\"]/Param[@name=\"Flag_" + i + "\" and @value=\"true\"]";
                case 11 -> "//Why[@importance >= 0." + i + "]";
                case 12 -> "//Why/Inference[@probability > 0." + i + "]/Concept[contains(., \"burst\")]";
                case 13 -> "//Position2D[Value2/C1 > " + i % 360 + " and Value2/C1 < " + (i % 360 + 1 + i / 360.0)
                        + " and Value2/C2 > 0]";
                case 14 -> "//Position2D[Error2Radius <= 0." + i + " and Error2Radius > 0]";
                case 15 -> "//Citations/EventIVORN[@cite=\"followup\" and contains(., \"" + i + "\")]";
                case 16 -> "//ISOTime[starts-with(., \"2015-11-" + i + "\")]";
                case 17 -> "//Param[@name=\"" + name + "\"]/@value < " + i
                        + " and //Param[@name=\"MOON_Distance\"]/@value > 90";
                case 18 -> "count(//Param) > " + i;
                default -> "//Reference[contains(@uri, \"swift/" + i + "\")]";
            };
        }

        private static List<String> indexable(int count) {
            List<String> filters = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = NAMES.get(i % NAMES.size());
                String stream = STREAMS.get(i % STREAMS.size());
                String role = ROLES.get(i % ROLES.size());
                filters.add(switch (i % 5) {
                    case 0 -> "@role=\"" + role + "\" and starts-with(@ivorn, \"ivo://" + stream + "#" + i + "\")";
                    case 1 -> "starts-with(@ivorn, \"ivo://" + stream + "#" + i + "\")";
                    case 2 -> "//Param[@name=\"" + name + "\" and @value=\"" + i + "\"]";
                    case 3 -> "//Param[@name=\"" + name + "\" and @value=" + i + "]";
                    default -> "//Param[@name=\"" + name + "_" + i + "\"]";
                });
            }
            return filters;
        }
    }
}
