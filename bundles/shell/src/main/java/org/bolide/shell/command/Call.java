package org.bolide.shell.command;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.google.gson.JsonElement;
import picocli.CommandLine.ParseResult;

/** One call of a command: what was typed, as far as the grammar can tell right, by whom, and where the answer goes. */
public final class Call {

    private final Grammar grammar;
    private final Form form;
    private final ParseResult options;
    private final List<String> operands;
    private final Caller caller;
    private String outcome = "";

    Call(Grammar grammar, Form form, ParseResult options, List<String> operands, Caller caller) {
        this.grammar = grammar;
        this.form = form;
        this.options = options;
        this.operands = operands;
        this.caller = caller;
    }

    Form form() {
        return form;
    }

    /** The word that chose the form, also where it was not typed. */
    public String word() {
        return form.word();
    }

    /** An option's value. */
    public Optional<String> option(String name) {
        if (form.option(name).isEmpty()) {
            throw new IllegalArgumentException(grammar.name() + " " + form.word() + " has no option " + name);
        }
        return Optional.ofNullable(options.matchedOptionValue(name, (Object) null)).map(Object::toString);
    }

    /** Whether an option is given. */
    public boolean has(String name) {
        return option(name).isPresent();
    }

    /** An option's value, which must be a whole number. */
    public int number(String name, int otherwise) throws Refusal {
        Optional<String> text = option(name);
        if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
            throw wrong(name + " is a whole number, not \"" + Screen.line(text.get()) + "\"");
        }
        return text.map(Integer::parseInt).orElse(otherwise);
    }

    /** An option's value, which must be a time. */
    public Optional<Instant> time(String name) throws Refusal {
        Optional<String> text = option(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(ExportCommand.time(name, text.get()));
    }

    /** The operands, as many as the grammar says. */
    public List<String> operands() {
        return operands;
    }

    public String operand(int index) {
        return operands.get(index);
    }

    /** For a value that the grammar lets pass and the command does not: names the command and says where its help is. */
    public Refusal wrong(String why) {
        return Refusal.usage(grammar.name() + ": " + why + "; see bolide " + grammar.name() + " --help");
    }

    public Caller caller() {
        return caller;
    }

    public PrintStream out() {
        return caller.out();
    }

    /** Whether the answer is to be JSON. */
    public boolean wantsJson() {
        return form.effect() == Form.Effect.SHOWS && has(Form.JSON);
    }

    /** Shows a table or, where the caller wants that, an array of objects. */
    public <T> void show(Listing<T> listing, List<T> items) {
        if (wantsJson()) {
            show(listing.json(items));
        } else {
            listing.table(items).print(out());
        }
    }

    /** Shows a JSON document. */
    public void show(JsonElement document) {
        out().println(Json.text(document));
    }

    /** Says what has become of an act, in one sentence, to the caller and in the audit line; a second call says the last word in the latter. */
    public void done(String sentence) {
        out().println(Screen.wrap(Screen.line(sentence)));
        outcome = sentence;
    }

    String outcome() {
        return outcome;
    }
}
