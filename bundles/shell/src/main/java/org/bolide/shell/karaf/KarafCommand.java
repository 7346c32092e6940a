package org.bolide.shell.karaf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.Completion;
import org.bolide.shell.command.Grammar;
import org.bolide.shell.command.Refusal;

/** Any of the commands, as Karaf's shell sees it. */
final class KarafCommand implements Command, Completer {

    private static final String SCOPE = "bolide";

    private final Commands commands;
    private final Grammar grammar;

    KarafCommand(Commands commands, Grammar grammar) {
        this.commands = commands;
        this.grammar = grammar;
    }

    @Override
    public String getScope() {
        return SCOPE;
    }

    @Override
    public String getName() {
        return grammar.name();
    }

    @Override
    public String getDescription() {
        return commands.description(getName());
    }

    @Override
    public Completer getCompleter(boolean isInSubshell) {
        return this;
    }

    @Override
    public Parser getParser() {
        return null; // Karaf's own
    }

    @Override
    public Object execute(Session session, List<Object> arguments) throws CommandException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(getName()));
        arguments.forEach(argument -> line.add(String.valueOf(argument)));
        try {
            commands.run(line, new KarafCaller(session));
            return null;
        } catch (Refusal e) {
            throw new CommandException(e.getMessage(), e.getMessage(), e);
        }
    }

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<Candidate> all = new ArrayList<>();
        completeCandidates(session, line, all);
        all.forEach(candidate -> candidates.add(candidate.value()));
        return 0;
    }

    @Override
    public void completeCandidates(Session session, CommandLine line, List<Candidate> candidates) {
        int cursor = line.getCursorArgumentIndex();
        if (cursor == 0) {
            candidate(getName(), getDescription(), true, candidates);
            candidate(SCOPE + ":" + getName(), getDescription(), true, candidates);
            return;
        }
        String[] words = line.getArguments();
        if (!session.resolveCommand(words[0]).equals(SCOPE + ":" + getName())) {
            return;
        }
        Completion completion = Completion.of(grammar, Arrays.asList(words).subList(1, cursor), line.getCursorArgument());
        completion.suggestions().forEach(suggestion -> candidate(suggestion.text(), null, suggestion.isWhole(), candidates));
        if (completion.wantsFiles()) {
            new FileCompleter().completeCandidates(session, line, candidates);
        }
    }

    private void candidate(String text, String description, boolean isWhole, List<Candidate> candidates) {
        candidates.add(new Candidate(text, text, null, description, null, null, isWhole));
    }
}
