package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.util.stream.Collectors.joining;

/** The commands of a page and what they print; docs/README.md has the rules. */
record ConsolePage(Path path, List<Command> commands) {

    private static final String PROMPT = "bolide> ";
    private static final Pattern BLOCK = Pattern.compile("```console(?: needs=(\\S+))?");

    /**
     * A command, with the lines that continue it.
     *
     * @param line its place on the page, from 1
     * @param needs the program without which it is not run; empty for none
     */
    record Command(int line, String needs, String text, List<String> expected) {

        boolean inBackground() {
            return text.endsWith(" &");
        }

        /** What a shell runs: lines that the page types at the broker's own prompt are its input. */
        String script() {
            String typed = expected.stream().filter(line -> line.startsWith(PROMPT)).map(line -> line.substring(PROMPT.length()) + "\n").collect(joining());
            return typed.isEmpty() ? text : text + " <<'end of input'\n" + typed + "end of input";
        }

        /** Whether the page types at the broker's own prompt. */
        boolean atPrompt() {
            return !script().equals(text);
        }

        boolean prints(String output) {
            // Where there is no terminal, the prompt is written again with each character, on lines of its own or not.
            String shown = !atPrompt() ? output
                    : output.replaceAll("(?m)^(" + PROMPT + " *)*\n", "").replaceAll("(?m)^(" + PROMPT + " *)+(?=" + PROMPT + ")", "");
            return Pattern.matches(expected.stream().map(Command::regex).collect(joining()), shown);
        }

        private static String regex(String line) {
            return line.equals("...") ? "(?:.*\\n)*"
                    : Arrays.stream(line.split("…", -1)).map(Pattern::quote).collect(joining(".*", "", "\\n"));
        }
    }

    static ConsolePage read(Path path) throws IOException {
        List<Command> commands = new ArrayList<>();
        String needs = null;
        int number = 0;
        for (String line : Files.readAllLines(path)) {
            number++;
            Matcher block = BLOCK.matcher(line);
            if (needs == null) {
                needs = block.matches() ? String.valueOf(block.group(1)).replace("null", "") : null;
            } else if (line.equals("```")) {
                needs = null;
            } else if (line.startsWith("$ ")) {
                commands.add(new Command(number, needs, line.substring(2), new ArrayList<>()));
            } else if (commands.isEmpty()) {
                throw new IOException(path + ":" + number + ": a console block begins with a command");
            } else {
                Command last = commands.get(commands.size() - 1);
                if (line.startsWith("> ") && last.expected().isEmpty()) {
                    commands.set(commands.size() - 1, new Command(last.line(), last.needs(),
                            last.text() + "\n" + line.substring(2), last.expected()));
                } else {
                    last.expected().add(line);
                }
            }
        }
        return new ConsolePage(path, List.copyOf(commands));
    }
}
