package org.bolide.api.xml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.xml.sax.ErrorHandler;
import org.xml.sax.Locator;
import org.xml.sax.SAXParseException;

/**
 * For vocabularies: the faults of one document, as sentences that its author can act on, of which the first five are
 * told. To a validator it is the error handler. For one thread at a time; nothing blocks.
 */
public final class DocumentFaults implements ErrorHandler {

    /** What a person reads of a nak; whoever mends these sees the rest next time. */
    private static final int MAX_FAULTS = 5;
    private static final int MAX_LENGTH = 400;

    /** The validator's own name of the rule, such as {@code cvc-complex-type.2.4.a:}. */
    private static final Pattern CODE = Pattern.compile("^(cvc-[\\w.-]+|JAXP\\d+): ?");

    private final List<String> list = new ArrayList<>();
    private String lastPlace = "";
    private int more;

    /** Forgets the document before. */
    public void clear() {
        list.clear();
        lastPlace = "";
        more = 0;
    }

    /** Adds a fault that is no validator's. */
    public void add(Locator place, String text) {
        add(place(place), text);
    }

    private void add(String place, String text) {
        // One mistake is often told twice: that the text is no number, and which element has it.
        boolean sameMistake = place.equals(lastPlace) && !list.isEmpty();
        lastPlace = place;
        if (!sameMistake && list.size() == MAX_FAULTS) {
            more++;
        } else if (!sameMistake) {
            list.add(place + cut(text));
        } else if (more == 0) {
            list.set(list.size() - 1, cut(list.get(list.size() - 1) + " " + text));
        }
    }

    /** The faults so far, in document order, each with line and column where they are known. */
    public List<String> list() {
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

    /** Where it is, as a fault begins: {@code line 3, column 7: }. */
    static String place(Locator place) {
        return place(place.getLineNumber(), place.getColumnNumber());
    }

    private static String place(int line, int column) {
        return line < 0 ? "" : "line " + line + ", column " + column + ": ";
    }

    private static String text(SAXParseException e) {
        return CODE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
    }

    private static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
