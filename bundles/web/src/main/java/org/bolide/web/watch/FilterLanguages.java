package org.bolide.web.watch;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;

/** The languages that there are just now. Safe for any number of threads. */
final class FilterLanguages {

    private final Map<String, FilterLanguage> languages = new ConcurrentHashMap<>();

    /** A language has come; it replaces another of that name. */
    void put(String name, FilterLanguage language) {
        languages.put(name, language);
    }

    /** A language has gone; another of that name, which came first, stays. */
    void remove(String name, FilterLanguage language) {
        languages.remove(name, language);
    }

    boolean has(String name) {
        return languages.containsKey(name);
    }

    /** What is wrong with the name of a language. */
    String unknown(String name) {
        return "no filter language is called \"" + name + "\"; "
                + (languages.isEmpty() ? "there is none just now" : "there is " + String.join(" and ", new TreeSet<>(languages.keySet())));
    }

    /**
     * A filter by its text. Costs at most a tenth of a second.
     *
     * @throws FilterSyntaxException if the text is wrong, or the language is not there
     */
    EventExpression compile(String language, String text) throws FilterSyntaxException {
        FilterLanguage known = Optional.ofNullable(languages.get(language))
                .orElseThrow(() -> new FilterSyntaxException(unknown(language), -1));
        return known.compile(text, Map.of());
    }
}
