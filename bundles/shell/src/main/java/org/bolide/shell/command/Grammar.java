package org.bolide.shell.command;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be typed of a command: its name, and one form or several that begin with different words. The first one may be
 * typed without its word.
 */
public record Grammar(String name, List<Form> forms) {

    public Grammar {
        forms = List.copyOf(forms);
    }

    public static Grammar of(String name, Form... forms) {
        return new Grammar(name, List.of(forms));
    }

    /** The form of a line that begins with this word; empty if there is none. */
    Optional<Form> form(String word) {
        return forms.stream().filter(form -> form.word().equals(word)).findFirst();
    }

    /** Whether a form is chosen by a word. */
    boolean hasWords() {
        return !forms.get(0).word().isEmpty();
    }

    String words() {
        return forms.stream().map(Form::word).collect(Collectors.joining(", "));
    }
}
