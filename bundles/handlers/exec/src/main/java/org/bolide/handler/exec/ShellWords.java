package org.bolide.handler.exec;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line into words as a shell does (POSIX.1-2017, XCU 2.2, Quoting), and expands nothing. */
final class ShellWords {

    private ShellWords() {
    }

    /**
     * The words of a command line. Blanks separate them; single quotes keep everything, double quotes keep all but a
     * backslash before {@code " \ $ `}, and outside of quotes a backslash keeps the character after it.
     *
     * @throws IllegalArgumentException if a quote is not closed, a backslash ends the line, or there is no word
     */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null; // not empty: '' is a word
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == '\'' || c == '"') {
                i = quoted(line, i, word);
            } else if (c != '\\') {
                word.append(c);
            } else if (++i < line.length()) {
                word.append(line.charAt(i));
            } else {
                throw new IllegalArgumentException("command ends with a lone backslash: " + line);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        if (words.isEmpty()) {
            throw new IllegalArgumentException("command is empty: give the program to run and its arguments");
        }
        return List.copyOf(words);
    }

    /** Appends what stands in quotes and returns the place of the closing quote. */
    private static int quoted(String line, int open, StringBuilder word) {
        char quote = line.charAt(open);
        for (int i = open + 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == quote) {
                return i;
            }
            boolean escape = quote == '"' && c == '\\' && i + 1 < line.length()
                    && "\"\\$`".indexOf(line.charAt(i + 1)) >= 0;
            word.append(escape ? line.charAt(++i) : c);
        }
        throw new IllegalArgumentException(
                "command has a quote (" + quote + ") at character " + (open + 1) + " that is never closed: " + line);
    }
}
