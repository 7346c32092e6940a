package org.bolide.shell.command;

import java.io.UncheckedIOException;

import org.bolide.api.FilterSyntaxException;

/** A filter that cannot be used, for the person who wrote it: its text, a caret under the place, and the reason. */
final class WrongFilter {

    /** Of a long line, so much before the place is shown at most. */
    private static final int BEFORE = 60;

    private WrongFilter() {}

    static String shown(String text, FilterSyntaxException fault) {
        String reason = Screen.wrap(Screen.line(fault.getMessage()));
        if (fault.offset() < 0) {
            return reason;
        }
        int offset = Math.min(fault.offset(), text.length());
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        int end = text.indexOf('\n', offset);
        String before = Screen.line(text.substring(start, offset));
        String after = Screen.line(text.substring(offset, end < 0 ? text.length() : end));
        if (Screen.width(before) + Screen.width(after) >= Screen.WIDTH && Screen.width(before) > BEFORE) {
            before = "…" + before.substring(before.offsetByCodePoints(0, Screen.width(before) - BEFORE));
        }
        return Screen.cut(before + after, Screen.WIDTH) + "\n" + " ".repeat(Screen.width(before)) + "^\n" + reason;
    }

    /** Tries something with a filter that may not be one. */
    interface Attempt<T> {

        T make() throws FilterSyntaxException;
    }

    static <T> T tried(String text, Attempt<T> attempt) throws Refusal {
        try {
            return attempt.make();
        } catch (FilterSyntaxException e) {
            throw new Refusal(shown(text, e), e);
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + e.getCause().getMessage(), e);
        }
    }
}
