package org.bolide.filtering.xquery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import net.sf.saxon.s9api.Location;
import net.sf.saxon.trans.XPathException;
import org.bolide.api.FilterSyntaxException;

/** Says what is wrong with a query to the person who wrote it: what, where, and for what is common what would be right. */
final class QueryErrors {

    private static final Pattern PREFIX = Pattern.compile("[Pp]refix \"?'?([\\w.-]+)");
    private static final Pattern FUNCTION = Pattern.compile("(\\d+)-argument function named Q\\{([^}]*)\\}([\\w.-]+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$([\\w.:-]+)");

    private static final int MAX_MESSAGE = 200;

    private QueryErrors() {
    }

    static FilterSyntaxException explained(XPathException e, String text) {
        int offset = offset(e.getLocator(), text);
        Matcher variable = VARIABLE.matcher(e.getMessage());
        // Variables are resolved when the text is no longer at hand.
        boolean search = offset < 0 && "XPST0008".equals(e.showErrorCode()) && variable.find();
        return new FilterSyntaxException(message(e), search ? text.indexOf(variable.group()) : offset);
    }

    private static String message(XPathException e) {
        String said = e.getMessage().strip();
        Matcher prefix = PREFIX.matcher(said);
        Matcher function = FUNCTION.matcher(said);
        Matcher variable = VARIABLE.matcher(said);
        switch (String.valueOf(e.showErrorCode())) {
            case "XPST0081" -> {
                if (prefix.find()) {
                    return "the prefix \"" + prefix.group(1) + "\" is not known; write declare namespace " + prefix.group(1)
                            + " = \"…\"; at the start, with the namespace of the elements";
                }
            }
            case "XPST0017" -> {
                if (function.find()) {
                    return "there is no function " + function.group(3) + "() with " + function.group(1)
                            + (function.group(1).equals("1") ? " argument" : " arguments");
                }
            }
            case "XPST0008" -> {
                if (variable.find()) {
                    return "the variable $" + variable.group(1) + " is not known here; write let $" + variable.group(1)
                            + " := … return before it is used";
                }
            }
            case "XPDY0002" -> {
                return "a function knows nothing of the event but what is handed to it; write local:f(.) and, in it, $event//…";
            }
            default -> {
            }
        }
        if (said.contains("<eof>") || said.contains("the end of the input")) {
            return "the filter ends too early";
        }
        return said.contains("Saxon") ? "filters have nothing of this kind" : oneLine(said);
    }

    /** A message that may be a stranger's, by {@code error()}, for a line of the log. */
    static String oneLine(String message) {
        return shortened(message.replaceAll("\\p{Cntrl}+", " "), MAX_MESSAGE);
    }

    static String shortened(String text, int most) {
        return text.length() <= most ? text
                : text.substring(0, Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1) + "…";
    }

    /** Saxon tells lines and columns, both from 1. */
    static int offset(Location where, String text) {
        if (where == null || where.getLineNumber() < 1) {
            return -1;
        }
        int start = 0;
        for (int line = 1; line < where.getLineNumber(); line++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                return -1;
            }
            start = end + 1;
        }
        return Math.min(start + Math.max(where.getColumnNumber() - 1, 0), text.length());
    }
}
