package org.bolide.shell.command;

import java.io.PrintStream;
import java.util.Optional;

/** Lines with a label in front, at most {@link Screen#WIDTH} wide. Strangers' texts do nothing to the terminal. */
final class Sheet {

    private static final int LABEL = 11;
    private static final int MAX_LINES = 3;

    private final PrintStream out;

    Sheet(PrintStream out) {
        this.out = out;
    }

    void line(String label, String text) {
        line(label, text, Optional.empty());
    }

    /** @param hint what shows more, as it is typed after {@code bolide} */
    void line(String label, String text, Optional<String> hint) {
        int room = Screen.WIDTH - LABEL;
        String more = hint.map(command -> "→ bolide " + Screen.line(command)).orElse("");
        String whole = Screen.cut(Screen.line(text), MAX_LINES * (room - 10));
        String[] lines = Screen.wrap(whole, room).split("\n");
        for (int i = 0; i < lines.length; i++) {
            boolean isLast = i == lines.length - 1;
            boolean fits = isLast && Screen.width(lines[i]) + 2 + Screen.width(more) <= room;
            out.println((padded(i == 0 ? label : "") + lines[i] + (fits && !more.isEmpty() ? "  " + more : "")).stripTrailing());
            if (isLast && !fits && !more.isEmpty()) {
                out.println(padded("") + more);
            }
        }
    }

    private static String padded(String label) {
        return label + " ".repeat(Math.max(1, LABEL - Screen.width(label)));
    }
}
