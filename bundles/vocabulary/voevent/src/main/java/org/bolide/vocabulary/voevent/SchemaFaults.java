package org.bolide.vocabulary.voevent;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.xml.sax.ErrorHandler;
import org.xml.sax.Locator;
import org.xml.sax.SAXParseException;

/** The faults of one event, as sentences that its author can act on. */
final class SchemaFaults implements ErrorHandler {

    /** What a person reads of a nak; whoever mends these sees the rest next time. */
    private static final int MAX_FAULTS = 5;
    private static final int MAX_LENGTH = 400;

    /** The validator's own name of the rule, such as {@code cvc-complex-type.2.4.a:}. */
    private static final Pattern CODE = Pattern.compile("^(cvc-[\\w.-]+|JAXP\\d+): ?");

    private final List<String> list = new ArrayList<>();
    private String lastPlace = "";
    private int more;

    void clear() {
        list.clear();
        lastPlace = "";
        more = 0;
    }

    void add(Locator place, String text) {
        add(place(place.getLineNumber(), place.getColumnNumber()), text);
    }

    private void add(String place, String text) {
        if (place.equals(lastPlace) && !list.isEmpty()) {
            // One mistake is often told twice: that the text is no number, and which element has it.
            list.set(list.size() - 1, cut(list.get(list.size() - 1) + " " + text));
        } else if (list.size() < MAX_FAULTS) {
            list.add(place + cut(text));
            lastPlace = place;
        } else {
            more++;
            lastPlace = "";
        }
    }

    List<String> list() {
        if (more == 0) {
            return List.copyOf(list);
        }
        List<String> all = new ArrayList<>(list);
        all.add("and " + more + " more");
        return all;
    }

    @Override
    public void error(SAXParseException e) {
        add(place(e.getLineNumber(), e.getColumnNumber()), text(e));
    }

    @Override
    public void fatalError(SAXParseException e) {
        error(e);
    }

    @Override
    public void warning(SAXParseException e) {
        // Not a fault: the document is valid.
    }

    static String describe(SAXParseException e) {
        return place(e.getLineNumber(), e.getColumnNumber()) + cut(text(e));
    }

    static String place(int line, int column) {
        return line < 0 ? "" : "line " + line + ", column " + column + ": ";
    }

    private static String text(SAXParseException e) {
        return CODE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
    }

    private static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
