package org.bolide.vocabulary.xml;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.EventHeader;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.xml.IsoTime;

/** Where the header stands in an event: compiled XPaths, of whose results the first counts. Thread-safe. */
final class HeaderPaths {

    /** Longer texts are no identifiers or dates, and the header is held in memory and in columns. */
    private static final int MAX_TEXT = 1024;

    private final Map<String, EventExpression> expressions = new HashMap<>();

    /** @throws IllegalArgumentException for an XPath with a mistake: which file, which key, where, and why */
    HeaderPaths(Settings settings, FilterLanguage language) {
        settings.expressions().forEach((key, text) -> {
            try {
                expressions.put(key, language.compile(text, settings.prefixes()));
            } catch (FilterSyntaxException e) {
                // Without its cause: of a failure at the start its innermost cause is shown, and this says more.
                throw Settings.wrong(settings.file(), key, "'" + text + "' is no XPath: " + e.getMessage());
            }
        });
    }

    EventHeader read(QName root, BrokerEvent event) {
        return new EventHeader(root, text(Settings.IDENTIFIER, event), text(Settings.ROLE, event), text(Settings.AUTHOR, event),
                text(Settings.AUTHORED_AT, event).flatMap(IsoTime::parse), text(Settings.OBSERVED_AT, event).flatMap(IsoTime::parse),
                Optional.empty(), List.of());
    }

    private Optional<String> text(String key, BrokerEvent event) {
        EventExpression expression = expressions.get(key);
        if (expression == null) {
            return Optional.empty();
        }
        return expression.select(event).stream().findFirst().filter(text -> text.length() <= MAX_TEXT).map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
