package org.bolide.vocabulary.voevent;

import java.util.Arrays;
import java.util.Optional;

/**
 * The form of an event's identifier: {@code ivo://authority/resource#local} (IVOA Identifiers 2.0; VOEvent 2.0, section
 * 2.2). In VOEvent 2.1 the local part may also stand behind a question mark.
 */
final class Ivoid {

    private static final int MAX_LENGTH = 1024;
    private static final String SCHEME = "ivo://";

    private Ivoid() {
    }

    /**
     * Which rule an identifier breaks, as a sentence for its author; empty for a good one.
     *
     * @param ivoid the attribute as it stands; null if there is none
     */
    static Optional<String> fault(String ivoid, boolean localMayFollowQuestionMark) {
        if (ivoid == null || ivoid.isBlank()) {
            return Optional.of("The event has no IVOID: give its root element an attribute ivorn=\"ivo://authority/resource#local\".");
        }
        if (ivoid.length() > MAX_LENGTH) {
            return Optional.of("The event's IVOID has more than " + MAX_LENGTH + " characters.");
        }
        String broken = brokenRule(ivoid, localMayFollowQuestionMark);
        return broken == null ? Optional.empty() : Optional.of("The event's IVOID \"" + ivoid.strip() + "\" is not of the form"
                + " ivo://authority/resource#local: " + broken + ".");
    }

    private static String brokenRule(String ivoid, boolean localMayFollowQuestionMark) {
        if (!ivoid.equals(ivoid.strip())) {
            return "there is white space around it";
        }
        int bad = firstBad(ivoid);
        if (bad >= 0) {
            return "it has the character " + name(ivoid.codePointAt(bad)) + ", which no IVOID may have";
        }
        if (!ivoid.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return "it does not start with ivo://";
        }
        int hash = ivoid.indexOf('#');
        int question = localMayFollowQuestionMark ? ivoid.indexOf('?') : -1;
        int local = question >= 0 && (hash < 0 || question < hash) ? question : hash;
        if (local < 0 || local == ivoid.length() - 1) {
            return "it has no local part, which tells the events of a stream apart"
                    + (localMayFollowQuestionMark ? " (behind # or ?)" : " (behind #)");
        }
        if (ivoid.indexOf('#', Math.max(hash, local) + 1) >= 0) {
            return "it has more than one #";
        }
        String stream = ivoid.substring(SCHEME.length(), local);
        int slash = stream.indexOf('/');
        String authority = slash < 0 ? stream : stream.substring(0, slash);
        String broken = brokenRuleOfAuthority(authority);
        if (broken != null) {
            return broken;
        }
        return slash < 0 ? "it names no resource behind the authority \"" + authority + "\""
                : brokenRuleOfResource(stream.substring(slash));
    }

    private static String brokenRuleOfAuthority(String authority) {
        if (authority.length() < 3) {
            return "its authority \"" + authority + "\" has fewer than three characters";
        }
        if (!isLetterOrDigit(authority.charAt(0))) {
            return "its authority \"" + authority + "\" does not start with a letter or a digit";
        }
        return authority.chars().allMatch(c -> isLetterOrDigit(c) || "-_.~!*'()+=".indexOf(c) >= 0) ? null
                : "its authority \"" + authority + "\" has characters other than letters, digits and -_.~!*'()+=";
    }

    private static String brokenRuleOfResource(String path) {
        if (path.endsWith("/")) {
            return "its resource ends in /";
        }
        if (path.indexOf('?') >= 0) {
            return "its resource has a ?";
        }
        if (path.contains("//")) {
            return "its resource has //";
        }
        if (path.indexOf('%') >= 0) {
            return "its resource has a %, and an IVOID is not percent-encoded";
        }
        return Arrays.stream(path.split("/")).anyMatch(part -> part.equals(".") || part.equals(".."))
                ? "its resource has . or .. between slashes" : null;
    }

    /** Where the first character is that no URI may have (RFC 3986, section 2), or -1. */
    private static int firstBad(String ivoid) {
        for (int i = 0; i < ivoid.length(); i++) {
            char c = ivoid.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String name(int c) {
        return c == ' ' ? "space" : c < ' ' || c == 0x7f ? "U+%04X".formatted(c)
                : Character.toString(c);
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
