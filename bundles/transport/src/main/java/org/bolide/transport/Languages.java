package org.bolide.transport;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.bolide.api.FilterLanguage;

/** The languages of filters that there are just now. Safe for any number of threads. */
final class Languages {

    static final String XPATH = "xpath";
    static final String XQUERY = "xquery";

    private final Map<String, FilterLanguage> languages = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** A language has come; it replaces another of that name. */
    void put(String name, FilterLanguage language) {
        if (languages.put(name, language) != language) {
            listeners.forEach(Runnable::run);
        }
    }

    /** A language has gone; another of that name, which came first, stays. */
    void remove(String name, FilterLanguage language) {
        if (languages.remove(name, language)) {
            listeners.forEach(Runnable::run);
        }
    }

    Optional<FilterLanguage> of(String name) {
        return Optional.ofNullable(languages.get(name));
    }

    /** Has {@code changed} run, on any thread, whenever a language came or went; it must not block. */
    void listen(Runnable changed) {
        listeners.add(changed);
    }

    void unlisten(Runnable changed) {
        listeners.remove(changed);
    }
}
