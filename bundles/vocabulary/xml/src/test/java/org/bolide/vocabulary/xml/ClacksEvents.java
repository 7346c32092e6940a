package org.bolide.vocabulary.xml;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.bolide.testkit.SharedData;

/** Events in the form of Clacks' vectors: those of the shared data, where it is there, must be judged alike. */
final class ClacksEvents {

    private static final String NS = Vocabularies.GONICUS;

    private ClacksEvents() {
    }

    /** By name; those whose names begin with p01 to p05 are good. */
    static Map<String, String> all() {
        Map<String, String> events = new LinkedHashMap<>();
        events.put("p01-busy", "<Event xmlns='" + NS + "'>\n  <PhoneStatus>\n    <CallerId>1</CallerId>\n    <ReceiverId>2</ReceiverId>\n"
                + "    <Status>busy</Status>\n  </PhoneStatus>\n</Event>");
        events.put("p02-prefixed", "<e:Event xmlns:e='" + NS + "'><e:PhoneStatus><e:CallerId>1</e:CallerId><e:ReceiverId>2</e:ReceiverId>"
                + "<e:Status>ringing</e:Status></e:PhoneStatus></e:Event>");
        events.put("p07-missed", "<Event xmlns='" + NS + "'><PhoneNotification/></Event>");
        events.put("p10-no-namespace", "<Event><PhoneStatus><CallerId/><ReceiverId/><Status/></PhoneStatus></Event>");
        events.put("p11-empty", "<Event xmlns='" + NS + "'/>");
        events.put("p12-wrapped", "<Envelope><Event xmlns='" + NS + "'><PhoneStatus><CallerId/><ReceiverId/><Status/></PhoneStatus></Event></Envelope>");
        SharedData.archive("filters/clacks/public-events.tar.gz").forEach((name, content) ->
                events.put(name, new String(content, StandardCharsets.UTF_8)));
        System.out.println("events in the form of Clacks': " + events.keySet());
        return events;
    }
}
