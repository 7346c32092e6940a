package org.bolide.handler.mail;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.api.BrokerEvent;

/** A subject with placeholders, {@code {role} {ivoid}}, which the newest event of a mail fills in. */
final class Subject {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final int LONGEST = 200;

    private final String template;

    /** @throws IllegalArgumentException naming a placeholder that there is not, and those that there are */
    Subject(String template) {
        this.template = template;
        Map<String, String> known = values(null, "");
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            if (!known.containsKey(matcher.group(1))) {
                throw new IllegalArgumentException("subject in org.bolide.handler.mail has the placeholder " + matcher.group()
                        + "; there are {" + String.join("}, {", known.keySet()) + "}");
            }
        }
    }

    /** One line without control characters. */
    String of(List<BrokerEvent> events, String handler) {
        Map<String, String> values = values(events.get(events.size() - 1), handler);
        String filled = PLACEHOLDER.matcher(template).replaceAll(match -> Matcher.quoteReplacement(values.get(match.group(1))));
        String line = Letter.oneLine(filled);
        String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
        return events.size() == 1 ? cut : cut + " and " + (events.size() - 1) + " more";
    }

    /** @param event null: only the names are asked for */
    private static Map<String, String> values(BrokerEvent event, String handler) {
        return new TreeMap<>(Map.of(
                "ivoid", event == null ? "" : Letter.name(event),
                "role", event == null ? "" : event.header().role().orElse("event"),
                "stream", event == null ? "" : event.header().stream(),
                "author", event == null ? "" : event.header().author().orElse("unknown author"),
                "handler", handler));
    }
}
