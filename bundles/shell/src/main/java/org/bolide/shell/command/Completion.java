package org.bolide.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can follow in a line that is being typed.
 *
 * @param suggestions what can stand where the cursor is; those that do not begin as the word at the cursor are among them
 * @param wantsFiles whether it can be a file
 */
public record Completion(List<Suggestion> suggestions, boolean wantsFiles) {

    /** @param isWhole whether a blank can follow */
    public record Suggestion(String text, boolean isWhole) {}

    /**
     * Completes a line.
     *
     * @param before the words between the command's name and the cursor's word
     * @param word the word at the cursor up to the cursor; may be empty
     */
    public static Completion of(Grammar grammar, List<String> before, String word) {
        List<Suggestion> suggestions = new ArrayList<>();
        Form form = grammar.forms().get(0);
        List<String> rest = before;
        if (grammar.hasWords()) {
            if (before.isEmpty() && !word.startsWith("-")) {
                grammar.forms().forEach(each -> suggestions.add(new Suggestion(each.word(), true)));
            } else if (!before.isEmpty() && !before.get(0).startsWith("-")) {
                Optional<Form> chosen = grammar.form(before.get(0));
                if (chosen.isEmpty()) {
                    return new Completion(List.of(), false);
                }
                form = chosen.get();
                rest = before.subList(1, before.size());
            }
        }
        String last = rest.isEmpty() ? "" : rest.get(rest.size() - 1);
        Optional<Form.Option> open = form.option(last).filter(option -> !option.label().isEmpty());
        if (open.isPresent()) {
            return new Completion(names("", open.get().values()), open.get().values().areFiles());
        }
        if (word.startsWith("-")) {
            Optional<Form.Option> begun = form.option(word.split("=", 2)[0]).filter(option -> word.contains("=") && !option.label().isEmpty());
            if (begun.isPresent()) {
                return new Completion(names(begun.get().name() + "=", begun.get().values()), false);
            }
            form.options().forEach(option ->
                    suggestions.add(new Suggestion(option.name() + (option.label().isEmpty() ? "" : "="), option.label().isEmpty())));
            suggestions.add(new Suggestion("--help", true));
            return new Completion(suggestions, false);
        }
        Optional<Form.Operand> operand = form.operand(operandsOf(form, rest));
        if (operand.isPresent()) {
            suggestions.addAll(names("", operand.get().values()));
            return new Completion(suggestions, operand.get().values().areFiles());
        }
        return new Completion(suggestions, false);
    }

    private static List<Suggestion> names(String begin, Values values) {
        return values.names().get().stream().map(name -> new Suggestion(begin + name, true)).toList();
    }

    /** How many operands the words hold. */
    private static int operandsOf(Form form, List<String> words) {
        int operands = 0;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                operands++;
            } else if (form.option(word).filter(option -> !option.label().isEmpty()).isPresent()) {
                i++;
            }
        }
        return operands;
    }
}
