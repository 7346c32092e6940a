package org.bolide.rules;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

import org.bolide.api.management.Rules.Kind;

/** What the owner has written in one file. Immutable. */
sealed interface Rule permits AcceptRule, RelayRule, FilterRule {

    Head head();

    /** The filter that an event must pass for the rule to match it. */
    Optional<FilterText> filter();

    /** What it matches, for people. */
    String condition();

    /**
     * What every rule has.
     *
     * @param order lower ones are asked first, equal ones by name
     * @param allow whether what it matches is allowed or denied
     * @param reason for whom it refuses; may be empty
     */
    record Head(Kind kind, RuleFile file, int order, boolean allow, String reason) implements Comparable<Head> {

        /** @param action as it stands in the file */
        static Head of(Kind kind, RuleFile file, int order, String action, String reason) {
            boolean allow = switch (String.valueOf(action)) {
                case "allow" -> true;
                case "deny" -> false;
                default -> throw file.wrong("action", "'" + action + "' must be allow or deny");
            };
            return new Head(kind, file, order, allow, reason.strip());
        }

        String name() {
            return file.name();
        }

        /** {@code accept.no-tests}: unique among all rules. */
        String key() {
            return file.key(kind);
        }

        /** What is said to whom it refuses. */
        String refusal() {
            return "refused by " + this + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public int compareTo(Head other) {
            int byOrder = Integer.compare(order, other.order);
            return byOrder == 0 ? name().compareTo(other.name()) : byOrder;
        }

        @Override
        public String toString() {
            return "rule \"" + name() + "\"";
        }
    }

    /** A filter as it was written, and its language. */
    record FilterText(String text, String language) {

        /** Empty if the text is. */
        static Optional<FilterText> of(String text, String language) {
            return text.isBlank() ? Optional.empty() : Optional.of(new FilterText(text, language.strip()));
        }

        @Override
        public String toString() {
            return language + " " + text;
        }
    }

    /** Puts parts of a condition together; those without a value are left out. */
    static String condition(String everything, String... namesAndValues) {
        StringJoiner parts = new StringJoiner("; ");
        parts.setEmptyValue(everything);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                parts.add(namesAndValues[i] + " " + namesAndValues[i + 1]);
            }
        }
        return parts.toString();
    }

    /** The entries of a list that are not blank. */
    static List<String> entries(String... list) {
        return List.of(list).stream().map(String::strip).filter(entry -> !entry.isEmpty()).toList();
    }
}
