package org.bolide.shell.command;

import org.bolide.api.EventIntake;

/** {@code import}: takes events from files into the log. The status is 1 if any event was refused. */
final class ImportCommand implements Command {

    private static final Grammar GRAMMAR = Grammar.of("import",
            Form.changes("").flag("--quiet").operands("a file, a directory, or - for standard input", Values.FILES));

    private final Services services;

    ImportCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        return new EventImport(services.need(EventIntake.class), call.has("--quiet")).run(call.operands(), call);
    }
}
