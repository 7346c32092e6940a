package org.bolide.shell.command;

import java.util.List;
import java.util.function.Supplier;

/**
 * What can stand for an operand or an option's value, for completion only.
 *
 * @param areFiles whether it is a file name
 * @param names what it can be just now; empty where nobody can tell
 */
public record Values(boolean areFiles, Supplier<List<String>> names) {

    /** Anything. */
    public static final Values ANY = of();

    /** A file. */
    public static final Values FILES = new Values(true, List::of);

    /** One of these. */
    public static Values of(String... names) {
        List<String> fixed = List.of(names);
        return new Values(false, () -> fixed);
    }

    /** One of what runs or is there just now; must not block. */
    public static Values from(Supplier<List<String>> names) {
        return new Values(false, names);
    }
}
