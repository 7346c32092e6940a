package org.bolide.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One form of a command.
 *
 * @param word the first word, for example {@code close} of {@code clients close PEER}; empty where the command has one form
 * @param effect what it does to the broker
 * @param options in the order of their declaration
 * @param operands in their order; all must be given
 * @param isOpen whether the last operand can be repeated
 */
public record Form(String word, Effect effect, List<Option> options, List<Operand> operands, boolean isOpen) {

    /** The option of each form that shows something. */
    static final String JSON = "--json";

    /** What a form does to the broker. */
    enum Effect {
        /** Shows what is; takes {@code --json}. */
        SHOWS,
        /** Changes nothing, and answers with a sentence or a file. */
        READS,
        /** Changes something: an administrative act. */
        CHANGES
    }

    /**
     * An option.
     *
     * @param name with its hyphens
     * @param label what its value is called; empty for one without a value
     * @param isSecret whether its value is left out of the audit line
     */
    public record Option(String name, String label, Values values, boolean isSecret) {}

    /**
     * An operand.
     *
     * @param what what it is, for "… is missing"
     * @param isRequired whether it must be there
     */
    public record Operand(String what, Values values, boolean isRequired) {}

    public Form {
        options = List.copyOf(options);
        operands = List.copyOf(operands);
    }

    /** A form that shows something, also as JSON. */
    public static Form shows(String word) {
        return new Form(word, Effect.SHOWS, List.of(), List.of(), false).flag(JSON);
    }

    /** A form that changes nothing. */
    public static Form reads(String word) {
        return new Form(word, Effect.READS, List.of(), List.of(), false);
    }

    /** A form that changes something and is audited. */
    public static Form changes(String word) {
        return new Form(word, Effect.CHANGES, List.of(), List.of(), false);
    }

    /** The same with an option without a value. */
    public Form flag(String name) {
        return option(name, "", Values.ANY);
    }

    /** The same with an option that has a value. */
    public Form option(String name, String label, Values values) {
        return with(new Option(name, label, values, false));
    }

    /** The same with an option whose value no log may show. */
    public Form secret(String name, String label) {
        return with(new Option(name, label, Values.ANY, true));
    }

    private Form with(Option option) {
        List<Option> more = new ArrayList<>(options);
        more.add(option);
        return new Form(word, effect, more, operands, isOpen);
    }

    /** The same with one more operand. */
    public Form operand(String what, Values values) {
        List<Operand> more = new ArrayList<>(operands);
        more.add(new Operand(what, values, true));
        return new Form(word, effect, options, more, false);
    }

    /** The same with one more operand, that can be repeated. */
    public Form operands(String what, Values values) {
        Form one = operand(what, values);
        return new Form(word, effect, options, one.operands, true);
    }

    /** The same with one more operand, that can be repeated and left out. */
    public Form optionalOperands(String what, Values values) {
        List<Operand> more = new ArrayList<>(operands);
        more.add(new Operand(what, values, false));
        return new Form(word, effect, options, more, true);
    }

    Optional<Option> option(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    /** The operand at a place, as long as something can stand there. */
    Optional<Operand> operand(int index) {
        return index < operands.size() ? Optional.of(operands.get(index))
                : isOpen ? Optional.of(operands.get(operands.size() - 1)) : Optional.empty();
    }
}
