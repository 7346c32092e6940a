package org.bolide.rules;

import java.util.List;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;

/**
 * Which events a rule is about, as far as their header tells; each list that is empty means all.
 *
 * @param roles compared letter by letter
 */
record EventCriteria(List<IdentifierPrefix> identifierPrefixes, List<String> roles) {

    static EventCriteria of(String[] identifierPrefixes, String... roles) {
        return new EventCriteria(Rule.entries(identifierPrefixes).stream().map(IdentifierPrefix::of).toList(), Rule.entries(roles));
    }

    boolean matches(BrokerEvent event) {
        EventHeader header = event.header();
        return hasRole(header) && hasPrefix(header);
    }

    boolean isEverything() {
        return identifierPrefixes.isEmpty() && roles.isEmpty();
    }

    String prefixesText() {
        return String.join(" or ", identifierPrefixes.stream().map(IdentifierPrefix::text).toList());
    }

    String rolesText() {
        return String.join(" or ", roles);
    }

    private boolean hasRole(EventHeader header) {
        return roles.isEmpty() || header.role().isPresent() && roles.contains(header.role().get());
    }

    private boolean hasPrefix(EventHeader header) {
        if (identifierPrefixes.isEmpty()) {
            return true;
        }
        if (header.identifier().isEmpty()) {
            return false;
        }
        String identifier = header.identifier().get();
        for (IdentifierPrefix prefix : identifierPrefixes) {
            if (prefix.begins(identifier)) {
                return true;
            }
        }
        return false;
    }

    /**
     * How an identifier begins. IVOIDs compare without case up to their local part, and with case in it (IVOA Identifiers
     * 2.0); VOEvent 2.0 has {@code #} before the local part where VOEvent 2.1 has {@code ?}, so these are the same.
     *
     * @param text as it was written
     * @param resource what stands before the local part
     * @param local how the local part begins; empty if the prefix ends before it
     */
    record IdentifierPrefix(String text, String resource, Optional<String> local) {

        static IdentifierPrefix of(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (isSign(text.charAt(i))) {
                    return new IdentifierPrefix(text, text.substring(0, i), Optional.of(text.substring(i + 1)));
                }
            }
            return new IdentifierPrefix(text, text, Optional.empty());
        }

        boolean begins(String identifier) {
            int end = resource.length();
            return identifier.regionMatches(true, 0, resource, 0, end)
                    && (local.isEmpty() || identifier.length() > end && isSign(identifier.charAt(end)) && identifier.startsWith(local.get(), end + 1));
        }

        private static boolean isSign(char c) {
            return c == '#' || c == '?';
        }
    }
}
