package org.bolide.shell.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows under headings, at most {@link Screen#WIDTH} wide: the last column goes on in the next line where it does not fit,
 * and is cut after some; the others are as wide as they need, as long as that leaves the last one some room, and else the widest
 * of them lose the middle of their texts. A column of numbers is aligned to the right; its heading
 * begins with {@code >}.
 */
final class Table {

    private static final String GAP = "  ";
    private static final int MAX_LINES = 4;
    private static final int LEAST_ROOM = 24;

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    Table(String... headings) {
        right = new boolean[headings.length];
        String[] shown = new String[headings.length];
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].startsWith(">");
            shown[i] = right[i] ? headings[i].substring(1) : headings[i];
        }
        rows.add(shown);
    }

    void row(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells under " + right.length + " headings");
        }
        rows.add(cells);
    }

    void print(PrintStream out) {
        int[] widths = new int[right.length];
        rows.forEach(row -> {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], Screen.width(row[i]));
            }
        });
        shrink(widths);
        for (String[] whole : rows) {
            String[] row = whole.clone();
            for (int i = 0; i < row.length - 1; i++) {
                row[i] = Screen.cutInside(row[i], widths[i]);
            }
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length - 1; i++) {
                String padding = " ".repeat(widths[i] - Screen.width(row[i]));
                line.append(right[i] ? padding + row[i] : row[i] + padding).append(GAP);
            }
            int indent = Screen.width(line.toString());
            int room = Screen.WIDTH - indent;
            String rest = Screen.cut(row[row.length - 1], room * MAX_LINES);
            while (Screen.width(rest) > room) {
                int end = end(rest, room);
                out.println(line.append(rest, 0, end).toString().stripTrailing());
                line = new StringBuilder(" ".repeat(indent));
                rest = rest.substring(end).stripLeading();
            }
            out.println(line.append(rest).toString().stripTrailing());
        }
    }

    private static void shrink(int[] widths) {
        int last = widths.length - 1;
        int room = Screen.WIDTH - Math.min(widths[last], LEAST_ROOM) - last * GAP.length();
        while (IntStream.range(0, last).map(i -> widths[i]).sum() > room) {
            int widest = 0;
            for (int i = 1; i < last; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            widths[widest]--;
        }
    }

    /** Where the line ends that a text begins: after its last blank, unless that would leave most of the line empty. */
    private static int end(String text, int room) {
        int most = text.offsetByCodePoints(0, room);
        int blank = text.lastIndexOf(' ', most);
        return blank > most / 4 ? Math.min(most, blank + 1) : most;
    }
}
