package org.bolide.benchmarks.page;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The events of a night, written for pictures of the page in the form of the real streams: bursts that are seen by one satellite,
 * then by another, and cite each other; neutrinos; optical surveys; where a telescope points; a test. The same each time, but
 * for the hour.
 */
public final class Night {

    private static final long SEED = 6;

    private final Random random = new Random(SEED);
    private final List<byte[]> events = new ArrayList<>();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private Night() {
    }

    /** All of them, the oldest first. */
    public static List<byte[]> events() {
        Night night = new Night();
        night.surveys(9);
        night.fermiBurst(598_201, 312.61, 31.25, 640);
        night.surveys(7);
        night.neutrino("139042_71220188", 77.36, 5.69, 0.62, 505);
        night.pointings();
        night.fermiBurst(598_244, 148.96, -41.88, 377);
        night.swiftBurst(1_340_117, 201.364, -43.019, 214);
        night.surveys(8);
        night.test();
        night.fermiBurst(598_277, 33.02, -12.4, 96);
        night.swiftBurst(1_340_162, 83.6331, 22.0145, 11);
        return List.copyOf(night.events);
    }

    /** As GCN passes on what Fermi's burst monitor says: an alert without a good place, then better ones, each citing the first. */
    private void fermiBurst(int trigger, double longitude, double latitude, int minutesAgo) {
        String first = "nasa.gsfc.gcn/Fermi#GBM_Alert_" + stamp(minutesAgo) + "_" + trigger + "_1-043";
        event(first, "observation", minutesAgo, "Fermi (via VO-GCN)", what(110, trigger, "Trig_Signif", "6.2", "sigma"), where(0, 0, 0, minutesAgo),
                "Fermi Satellite, GBM Instrument", "", "");
        double[] errors = {14.3, 6.8, 3.1};
        String[] kinds = {"Flt", "Gnd", "Fin"};
        for (int i = 0; i < errors.length; i++) {
            double off = errors[i] / 3;
            event("nasa.gsfc.gcn/Fermi#GBM_" + kinds[i] + "_Pos_" + stamp(minutesAgo) + "_" + trigger + "_" + (40 + 13 * i) + "-" + (200 + i), "observation",
                    minutesAgo, "Fermi (via VO-GCN)", what(111 + i, trigger, "Data_Signif", text(8 + 2.7 * i), "sigma"),
                    where(longitude + off, latitude - off, errors[i], minutesAgo), "Fermi Satellite, GBM Instrument",
                    why(0.95, "process.variation.burst;em.gamma", "GRB"), citation("followup", first, "The alert before it"));
        }
    }

    /** As GCN passes on what Swift says: the wide camera, then the X-ray telescope, far more exactly. */
    private void swiftBurst(int trigger, double longitude, double latitude, int minutesAgo) {
        String first = "nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_" + trigger + "-874";
        event(first, "observation", minutesAgo, "VO-GCN", what(61, trigger, "Rate_Signif", "18.62", "sigma"), where(longitude, latitude, 0.05, minutesAgo),
                "Swift Satellite, BAT Instrument", why(0.9, "process.variation.burst;em.gamma", "GRB or other transient"), "");
        event("nasa.gsfc.gcn/SWIFT#XRT_Pos_" + trigger + "-402", "observation", minutesAgo, "VO-GCN", what(67, trigger, "Burst_Inten", "36.4", "erg/cm2/s"),
                where(longitude + 0.011, latitude - 0.007, 0.0012, minutesAgo), "Swift Satellite, XRT Instrument",
                why(0.9, "process.variation.burst;em.gamma", "GRB or other transient"), citation("followup", first, "The burst's first position"));
    }

    private void neutrino(String name, double longitude, double latitude, double error, int minutesAgo) {
        event("nasa.gsfc.gcn/AMON#ICECUBE_GOLD_Event" + name + "_0", "observation", minutesAgo, "ICECUBE (via VO-GCN)",
                what(173, 139_042, "signalness", "0.62", ""), where(longitude, latitude, error, minutesAgo), "IceCube Neutrino Observatory",
                why(0.6, "", "Track of an astrophysical neutrino"), "");
    }

    /** Candidates of optical surveys, arcseconds exact. */
    private void surveys(int count) {
        for (int i = 0; i < count; i++) {
            int minutesAgo = 20 + random.nextInt(700);
            double longitude = random.nextDouble() * 360;
            double latitude = Math.toDegrees(Math.asin(random.nextDouble() * 1.6 - 0.7));
            String survey = i % 3 == 0 ? "mlsot" : "catot";
            event("nvo.caltech/voeventnet/" + survey + "#2611" + (100_000 + random.nextInt(800_000)), "observation", minutesAgo, "Caltech",
                    what(0, random.nextInt(1 << 20), "magnitude", text(15 + 4 * random.nextDouble()), "mag"),
                    where(longitude, latitude, 0.0004, minutesAgo), "Survey telescope, unfiltered CCD",
                    why(0.4, "process.variation;em.opt", "Candidate new transient"), "");
        }
    }

    private void pointings() {
        event("nasa.gsfc.gcn/INTEGRAL#Point_Dir_" + stamp(430) + "_000000-1-021", "utility", 430, "INTEGRAL (via VO-GCN)", what(51, 2611, "Next_Point_Sci", "1", ""),
                where(266.4, -28.9, 0, 430), "INTEGRAL Satellite", "", "");
        event("nasa.gsfc.gcn/SWIFT#Point_Dir_" + stamp(400) + "_000000-113", "prediction", 400, "VO-GCN", what(83, 0, "Merit", "95.0", ""),
                where(187.7, 12.39, 0, 400), "Swift Satellite", "", "");
    }

    private void test() {
        event("org.example/observatory#TestEvent-" + stamp(140), "test", 140, "An observatory", "", where(120, 40, 10, 140), "No telescope", "", "");
    }

    private void event(String name, String role, int minutesAgo, String author, String what, String where, String how, String why, String citations) {
        events.add(("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\" version=\"2.0\" role=\"" + role
                + "\" ivorn=\"ivo://" + name + "\">\n  <Who>\n    <AuthorIVORN>ivo://" + name.replaceAll("#.*", "") + "</AuthorIVORN>\n    <Author>\n      <shortName>"
                + author + "</shortName>\n      <contactName>A. Observer</contactName>\n      <contactEmail>observer@org.example</contactEmail>\n    </Author>\n    <Date>"
                + time(minutesAgo - 1) + "</Date>\n  </Who>\n" + what + where + "  <How>\n    <Description>" + how
                + "</Description>\n    <Reference uri=\"https://instruments.example/\"/>\n  </How>\n" + why + citations
                + "  <Description>Written for a picture of the page: no such event was seen.</Description>\n</voe:VOEvent>\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String what(int packet, int trigger, String figure, String value, String unit) {
        return "  <What>\n" + param("Packet_Type", Integer.toString(packet), "", "") + param("TrigID", Integer.toString(trigger), "", "meta.id")
                + param(figure, value, unit, "stat.snr") + "    <Group name=\"Solution_Status\">\n  " + param("Point_Source", "true", "", "")
                + "  " + param("StarTrack_Lost_Lock", "false", "", "") + "  " + param("Test_Submission", "false", "", "") + "    </Group>\n"
                + param("Sun_Distance", "104.8", "deg", "pos.angDistance") + param("MOON_Illum", "41.3", "%", "arith.ratio") + "  </What>\n";
    }

    private static String param(String name, String value, String unit, String ucd) {
        return "    <Param name=\"" + name + "\" value=\"" + value + "\"" + (unit.isEmpty() ? "" : " unit=\"" + unit + "\"")
                + (ucd.isEmpty() ? "" : " ucd=\"" + ucd + "\"") + "/>\n";
    }

    private String where(double longitude, double latitude, double error, int minutesAgo) {
        return "  <WhereWhen>\n    <ObsDataLocation>\n      <ObservatoryLocation id=\"GEOLUN\"/>\n      <ObservationLocation>\n        <AstroCoordSystem id=\"UTC-FK5-GEO\"/>\n"
                + "        <AstroCoords coord_system_id=\"UTC-FK5-GEO\">\n          <Time unit=\"s\"><TimeInstant><ISOTime>" + time(minutesAgo)
                + "</ISOTime></TimeInstant></Time>\n          <Position2D unit=\"deg\"><Name1>RA</Name1><Name2>Dec</Name2><Value2><C1>" + text(longitude) + "</C1><C2>"
                + text(latitude) + "</C2></Value2><Error2Radius>" + text(error) + "</Error2Radius></Position2D>\n        </AstroCoords>\n      </ObservationLocation>\n"
                + "    </ObsDataLocation>\n  </WhereWhen>\n";
    }

    private static String why(double importance, String concept, String name) {
        return "  <Why importance=\"" + importance + "\">\n    <Inference probability=\"" + importance + "\"><Name>" + name + "</Name>"
                + (concept.isEmpty() ? "" : "<Concept>" + concept + "</Concept>") + "</Inference>\n  </Why>\n";
    }

    private static String citation(String relation, String cited, String text) {
        return "  <Citations>\n    <EventIVORN cite=\"" + relation + "\">ivo://" + cited + "</EventIVORN>\n    <Description>" + text + "</Description>\n  </Citations>\n";
    }

    private String stamp(int minutesAgo) {
        return time(minutesAgo).substring(0, 16).replace(":", "");
    }

    private String time(int minutesAgo) {
        return now.minus(Duration.ofMinutes(minutesAgo)).toString().replace("Z", "");
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
