package org.bolide.shell.ssh;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.shell.command.Command;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Completion;
import org.bolide.shell.command.Grammar;
import org.bolide.shell.command.Refusal;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;

/** The prompt that an ssh client sees: lines with completion and history, which ends with the session. */
final class Prompt {

    static final String TEXT = "bolide> ";

    /** How Karaf's shell calls the same commands. */
    private static final String SCOPE = "bolide:";

    private Prompt() {}

    static LineReader reader(Terminal terminal, Commands commands) {
        return LineReaderBuilder.builder().appName("bolide").terminal(terminal)
                .parser(new DefaultParser().escapeChars(null))
                .completer((reader, line, candidates) -> complete(commands, line, candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // ! is an operator in filters
                .build();
    }

    private static void complete(Commands commands, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            commands.all().forEach(command -> candidates.add(new Candidate(command.grammar().name())));
            return;
        }
        List<String> words = withoutScope(line.words());
        Optional<Grammar> grammar = commands.all().stream().map(Command::grammar).filter(each -> each.name().equals(words.get(0))).findFirst();
        if (grammar.isPresent()) {
            String begun = line.word().substring(0, line.wordCursor());
            Completion.of(grammar.get(), words.subList(1, line.wordIndex()), begun).suggestions().forEach(suggestion ->
                    candidates.add(new Candidate(suggestion.text(), suggestion.text(), null, null, null, null, suggestion.isWhole())));
        }
    }

    static List<String> withoutScope(List<String> words) {
        if (!words.get(0).startsWith(SCOPE)) {
            return words;
        }
        List<String> shorter = new ArrayList<>(words);
        shorter.set(0, words.get(0).substring(SCOPE.length()));
        return shorter;
    }

    static void list(Commands commands, PrintStream out) throws Refusal {
        List<String> names = commands.all().stream().map(command -> command.grammar().name()).toList();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (String name : names) {
            out.println(name + " ".repeat(width - name.length() + 2) + commands.description(name));
        }
    }
}
