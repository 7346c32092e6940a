package org.bolide.web.watch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.Explanation;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;

/** A language whose filters are words that an event contains; {@code costly} before a word has the evaluation of such an event ended. */
final class TestLanguage implements FilterLanguage {

    private static final String COSTLY = "costly ";

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        if (text.indexOf('!') >= 0) {
            throw new FilterSyntaxException("! is not expected here", text.indexOf('!'));
        }
        return new Word(text);
    }

    private static final class Word implements EventExpression {

        private final String text;
        private volatile boolean overran;

        Word(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public boolean matches(BrokerEvent event) {
            ByteBuffer content = event.content();
            boolean contains = StandardCharsets.UTF_8.decode(content).toString().contains(text.replace(COSTLY, ""));
            overran |= contains && text.startsWith(COSTLY);
            return contains && !text.startsWith(COSTLY);
        }

        @Override
        public boolean overran() {
            return overran;
        }

        @Override
        public List<String> select(BrokerEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Explanation explain(BrokerEvent event) {
            throw new UnsupportedOperationException();
        }
    }
}
