package org.bolide.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.bolide.api.Networks;

/**
 * From whom events come: networks, and names as {@link org.bolide.api.Submission#source()} shows them. Empty is anyone.
 *
 * @param networks empty if none is named
 */
record Sources(List<String> names, Optional<Networks> networks) {

    /** Digits and dots, or two colons outside of brackets, perhaps with a mask: never a name. */
    private static final Pattern NETWORK = Pattern.compile("[0-9.]+(/.*)?|[^\\[/]*:[^\\[/]*:[^\\[/]*(/.*)?");

    static Sources of(RuleFile file, String key, String... entries) {
        List<String> names = new ArrayList<>();
        List<String> networks = new ArrayList<>();
        for (String entry : Rule.entries(entries)) {
            (NETWORK.matcher(entry).matches() ? networks : names).add(entry);
        }
        return new Sources(List.copyOf(names),
                networks.isEmpty() ? Optional.empty() : Optional.of(file.networks(key, networks.toArray(String[]::new))));
    }

    boolean contain(Sender sender) {
        if (names.isEmpty() && networks.isEmpty()) {
            return true;
        }
        return names.contains(sender.name())
                || networks.isPresent() && sender.address().isPresent() && networks.get().contains(sender.address().get());
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>(names);
        networks.ifPresent(some -> all.add(some.toString()));
        return String.join(", ", all);
    }
}
