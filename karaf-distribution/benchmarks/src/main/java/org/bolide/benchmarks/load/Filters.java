package org.bolide.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/** Sixty-four different filters of the kinds that subscribers are known to use. */
final class Filters {

    private static final String[] ROLES = {"observation", "utility", "test", "prediction"};
    private static final String[] STREAMS = {"nasa.gsfc.gcn/SWIFT", "nasa.gsfc.gcn/Fermi", "nasa.gsfc.gcn/INTEGRAL",
            "nasa.gsfc.gcn/MAXI", "com.dc3/dc3.broker", "nvo.caltech/voeventnet/catot", "nvo.caltech/voeventnet/mlsot",
            "org.example/nothing"};
    private static final int[] PACKETS = {46, 47, 51, 53, 60, 61, 62, 65, 66, 67, 81, 82, 83, 97, 110, 111};

    private Filters() {
    }

    static List<String> all() {
        List<String> filters = new ArrayList<>();
        for (String role : ROLES) {
            filters.add("/*[local-name()=\"VOEvent\" and @role=\"" + role + "\"]");
        }
        for (String stream : STREAMS) {
            filters.add("starts-with(/*/@ivorn, \"ivo://" + stream + "#\")");
            filters.add("//Who[AuthorIVORN=\"ivo://" + stream + "\"]");
        }
        for (int packet : PACKETS) {
            filters.add("//Param[@name=\"Packet_Type\" and @value=\"" + packet + "\"]");
        }
        for (int i = 0; i < 8; i++) {
            filters.add("//Param[@name=\"Sun_Distance\" and @value>" + i * 20 + "]");
            filters.add("//Position2D/Value2[C1 > " + i * 45 + " and C1 < " + (i + 1) * 45 + "]");
        }
        for (int i = 0; i < 4; i++) {
            filters.add("//Value2[number(C2) >= " + (i * 40 - 60) + "]");
        }
        filters.add("//How[contains(Description, \"Swift\")]");
        filters.add("//How[contains(Description, \"Fermi\")] or //Param[@name=\"MOON_Distance\" and @value < 90]");
        filters.add("count(//Param) > 20");
        filters.add("not(//Param[@name=\"TrigID\"]) and //Who/Author[shortName]");
        filters.add("//Group[@name=\"Solution_Status\"]/Param[@value=\"true\"]");
        filters.add("//ISOTime[starts-with(., \"2014-04\")]");
        filters.add("//Citations/EventIVORN[@cite=\"followup\"]");
        filters.add("//Why[@importance >= 0.5]/Inference[@probability > 0.4]");
        return List.copyOf(filters);
    }
}
