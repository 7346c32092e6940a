package org.bolide.filtering.xpath;

import java.security.SecureRandom;

/**
 * An attribute with a value, as a filter names it.
 *
 * @param slot of {@link Run#names}
 * @param hash of the value
 */
record AttributeKey(int slot, String value, int hash) {

    /** Unknown to strangers, who could otherwise write an event in which all look-ups are slow. */
    private static final long SECRET = new SecureRandom().nextLong() | 1;

    AttributeKey(int slot, String value) {
        this(slot, value, hash(value, 0, value.length()));
    }

    static int hash(String text, int from, int to) {
        long hash = SECRET;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * SECRET;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }
}
