package org.bolide.filtering;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.bolide.api.Vocabulary;

/** The prefixes that vocabularies offer to filters. */
public final class Prefixes {

    private Prefixes() {
    }

    /**
     * Prefix to namespace; of two vocabularies that differ about a prefix the one with the higher ranking has it.
     *
     * @param vocabularies with their service properties, those of low ranking first
     */
    public static Map<String, String> of(Collection<Map.Entry<Map<String, Object>, Vocabulary>> vocabularies) {
        Map<String, String> all = new TreeMap<>();
        for (Map.Entry<Map<String, Object>, Vocabulary> vocabulary : vocabularies) {
            for (String prefix : texts(vocabulary.getKey().get(Vocabulary.PREFIXES))) {
                int end = prefix.indexOf('=');
                if (end > 0) {
                    all.put(prefix.substring(0, end), prefix.substring(end + 1));
                }
            }
        }
        return all;
    }

    /** A property of OSGi may be one thing, an array or a collection. */
    private static List<String> texts(Object property) {
        return property instanceof Object[] array ? Arrays.stream(array).map(String::valueOf).toList()
                : property instanceof Collection<?> collection ? collection.stream().map(String::valueOf).toList()
                : property == null ? List.of() : List.of(property.toString());
    }
}
