package org.bolide.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** VOEvents that the benchmark writes itself, in the form of the real streams; the same each time. */
final class OwnEvents {

    private static final int OF_EACH_SHAPE = 40;
    private static final long SEED = 4;

    private static final String[] ATTITUDE = {"Sun_RA|pos.eq.ra|deg", "Sun_Dec|pos.eq.dec|deg",
            "Sun_Distance|pos.angDistance|deg", "Sun_Hr_Angle||hr", "MOON_RA|pos.eq.ra|deg", "MOON_Dec|pos.eq.dec|deg",
            "MOON_Distance|pos.angDistance|deg", "Moon_Illum|arith.ratio|%", "Galactic_Long|pos.galactic.lon|deg",
            "Galactic_Lat|pos.galactic.lat|deg", "Ecliptic_Long|pos.ecliptic.lon|deg",
            "Ecliptic_Lat|pos.ecliptic.lat|deg"};
    private static final String[] BURST = {"TrigID|meta.id|", "Burst_TJD|time|days", "Burst_SOD|time|sec",
            "Burst_Inten|phot.count|cts", "Burst_Peak|phot.count|cts", "Integ_Time|time.interval|sec",
            "Phi|pos.az.azi|deg", "Theta|pos.az.zd|deg", "Bkg_Inten|phot.count|cts", "Bkg_Time|time|sec",
            "Bkg_Dur|time.interval|sec", "Rate_Signif|stat.snr|sigma", "Image_Signif|stat.snr|sigma",
            "Data_Timescale|time.interval|sec", "Most_Likely_Prob|stat.probability|"};
    private static final String[] FLAGS = {"Point_Source", "VERY_Low_Image_Signif", "Low_Image_Signif",
            "Target_in_Flt_Catalog", "Target_in_Gnd_Catalog", "Target_in_Blk_Catalog", "StarTrack_Lost_Lock",
            "Galaxy_Close_by", "Image_Trig_during_StarTrack_Lost"};
    private static final String[] DETECTION = {"magnitude|phot.mag;em.opt|mag", "mag_error|phot.mag;stat.error|mag",
            "average seeing|instr.det.psf|pixels", "JD|time.epoch|days", "X|pos.frame|pixels", "Y|pos.frame|pixels",
            "RA|pos.eq.ra|deg", "Dec|pos.eq.dec|deg"};

    private final Random random = new Random(SEED);

    private OwnEvents() {
    }

    static Events load() {
        OwnEvents own = new OwnEvents();
        List<byte[]> documents = new ArrayList<>();
        for (int i = 0; i < OF_EACH_SHAPE; i++) {
            documents.add(own.swift(i));
            documents.add(own.optical(i));
            documents.add(own.swift(i + OF_EACH_SHAPE));
            documents.add(own.fermi(i));
            documents.add(own.pointing(i));
            documents.add(own.broker(i));
        }
        return new Events("%d events of the benchmark's own".formatted(documents.size()), documents);
    }

    /** As GCN sends a position of Swift's: many Params, flags, a sky position; 4 to 5 KB. */
    private byte[] swift(int i) {
        int packet = List.of(61, 46, 67, 81, 47, 82).get(i % 6);
        return document("nasa.gsfc.gcn/SWIFT", "BAT_GRB_Pos_" + (596_000 + i) + "-" + packet, i % 5 == 4 ? "test" : "observation",
                author("VO-GCN", "Scott Barthelmy", "scott@milkyway.gsfc.nasa.example")
                        + what(param("Packet_Type", "", "", Integer.toString(packet)) + param("Pkt_Ser_Num", "", "", "" + i)
                                + params(BURST) + group("Solution_Status", flags()) + group("Misc_Flags",
                                        param("Values_Out_of_Range", "", "", "false") + param("Near_Bright_Star", "", "", "false"))
                                + params(ATTITUDE))
                        + where() + how("Swift Satellite, BAT Instrument")
                        + why(0.9, "process.variation.burst;em.gamma", "GRB or other transient")
                        + "<Description>The Swift-BAT instrument position notice.</Description>");
    }

    /** As GCN sends an alert of Fermi's: no flags, a citation; about 4 KB. */
    private byte[] fermi(int i) {
        return document("nasa.gsfc.gcn/Fermi", "GBM_Flt_Pos_2014-04-" + (i % 28 + 1) + "_" + (418_000 + i), "observation",
                author("Fermi (via VO-GCN)", "Julie McEnery", "julie@lheapop.gsfc.nasa.example")
                        + what(param("Packet_Type", "", "", i % 2 == 0 ? "111" : "110") + params(BURST) + params(BURST) + params(ATTITUDE))
                        + where() + how("Fermi Satellite, GBM Instrument")
                        + why(0.5, "process.variation.burst;em.gamma", "GRB candidate")
                        + "<Citations><EventIVORN cite=\"followup\">ivo://nasa.gsfc.gcn/Fermi#GBM_Alert_" + i
                        + "</EventIVORN><Description>The alert before it.</Description></Citations>");
    }

    /** As an optical survey sends a candidate: three detections in groups, links; 4 KB. */
    private byte[] optical(int i) {
        StringBuilder groups = new StringBuilder();
        for (String which : List.of("First", "Second", "Third", "Fourth")) {
            groups.append(group(which + " Detection params", params(DETECTION)
                    + param("img", "meta.ref.url", "", "http://surveys.example/20140427/jpg/" + random.nextInt(1 << 30) + ".jpg")));
        }
        return document(i % 2 == 0 ? "nvo.caltech/voeventnet/catot" : "nvo.caltech/voeventnet/mlsot",
                "14042713805241137" + (100 + i), "observation",
                author("LPL and Caltech", "Andrew Drake", "ajd@surveys.example") + what(groups.toString()) + where()
                        + why(0.4, "process.variation;em.opt", "Candidate new transient")
                        + "<Description>Candidate new transient</Description>");
    }

    /** As GCN sends where a satellite will point: a prediction or utility of 2.5 KB. */
    private byte[] pointing(int i) {
        return document("nasa.gsfc.gcn/INTEGRAL", "Point_Dir_2014-04-" + (i % 28 + 1) + "T" + i + "_000000-1-" + i,
                i % 4 == 3 ? "prediction" : "utility",
                author("INTEGRAL (via VO-GCN)", "Scott Barthelmy", "scott@milkyway.gsfc.nasa.example")
                        + what(param("Packet_Type", "", "", "51") + params(ATTITUDE) + param("Test_Notice", "", "", "false"))
                        + where() + how("INTEGRAL Satellite, pointing"));
    }

    /** As brokers and small observatories send: 2 KB, without a position. */
    private byte[] broker(int i) {
        return document("com.dc3/dc3.broker", "BrokerTest-2014-04-" + (i % 28 + 1) + "T13:55:" + i + ".00", "test",
                author("DC3", "Bob Denny", "rdenny@dc3.example") + what(params(BURST))
                        + "<Description>Broker test event, sent to show that all that lies between works. It has no"
                        + " position and is to be ignored.</Description>");
    }

    private static byte[] document(String stream, String name, String role, String body) {
        return ("<?xml version='1.0' encoding='UTF-8'?>\n<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\""
                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" role=\"" + role + "\" ivorn=\"ivo://" + stream + "#"
                + name + "\" version=\"2.0\" xsi:schemaLocation=\"http://www.ivoa.net/xml/VOEvent/v2.0"
                + " http://www.ivoa.net/xml/VOEvent/VOEvent-v2.0.xsd\"><Who><AuthorIVORN>ivo://" + stream + "</AuthorIVORN>"
                + body + "</voe:VOEvent>\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The rest of Who. */
    private String author(String shortName, String contact, String mail) {
        return "<Author><shortName>" + shortName + "</shortName><contactName>" + contact + "</contactName><contactEmail>" + mail
                + "</contactEmail></Author><Date>" + time() + "</Date><Description>Written by a load benchmark.</Description></Who>";
    }

    private static String what(String content) {
        return "<What>" + content + "</What>";
    }

    private static String group(String name, String content) {
        return "<Group name=\"" + name + "\">" + content + "</Group>";
    }

    private static String param(String name, String ucd, String unit, String value) {
        return "<Param name=\"" + name + "\" value=\"" + value + "\"" + (ucd.isEmpty() ? "" : " ucd=\"" + ucd + "\"")
                + (unit.isEmpty() ? "" : " unit=\"" + unit + "\"") + "/>";
    }

    private String params(String... all) {
        StringBuilder text = new StringBuilder();
        for (String each : all) {
            String[] parts = each.split("\\|", -1);
            text.append(param(parts[0], parts[1], parts[2], number(0, parts[2].equals("deg") ? 180 : 1000)));
        }
        return text.toString();
    }

    private String flags() {
        StringBuilder text = new StringBuilder();
        for (String flag : FLAGS) {
            text.append(param(flag, "", "", Boolean.toString(random.nextBoolean())));
        }
        return text.toString();
    }

    private String where() {
        return "<WhereWhen><ObsDataLocation><ObservatoryLocation id=\"GEOLUN\"/><ObservationLocation>"
                + "<AstroCoordSystem id=\"UTC-FK5-GEO\"/><AstroCoords coord_system_id=\"UTC-FK5-GEO\"><Time unit=\"s\">"
                + "<TimeInstant><ISOTime>" + time() + "</ISOTime></TimeInstant></Time><Position2D unit=\"deg\"><Name1>RA</Name1>"
                + "<Name2>Dec</Name2><Value2><C1>" + number(0, 360) + "</C1><C2>" + number(-90, 90)
                + "</C2></Value2><Error2Radius>" + number(0, 1) + "</Error2Radius></Position2D></AstroCoords>"
                + "</ObservationLocation></ObsDataLocation><Description>The RA,Dec coordinates are of the type:"
                + " source_object.</Description></WhereWhen>";
    }

    private static String how(String description) {
        return "<How><Description>" + description + "</Description><Reference uri=\"http://gcn.example/instrument.html\"/></How>";
    }

    private static String why(double importance, String concept, String name) {
        return "<Why importance=\"" + importance + "\"><Inference probability=\"" + importance + "\"><Name>" + name
                + "</Name><Concept>" + concept + "</Concept></Inference></Why>";
    }

    private String time() {
        return "2014-04-%02dT%02d:%02d:%02d".formatted(1 + random.nextInt(30), random.nextInt(24), random.nextInt(60),
                random.nextInt(60));
    }

    private String number(double from, double to) {
        return String.format(Locale.ROOT, "%.4f", from + random.nextDouble() * (to - from));
    }
}
