package org.bolide.rules;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.Explanation;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.xml.sax.SAXException;

/** XPath 1.0 as the Java runtime has it: slow, and for one thread at a time, but real. {@link #COSTLY} costs too much. */
final class JdkXPath implements FilterLanguage {

    static final String COSTLY = "//*[count(//*) = -1]";

    /** How many events were looked into. */
    final AtomicInteger evaluations = new AtomicInteger();

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        XPathExpression expression;
        try {
            expression = XPathFactory.newDefaultInstance().newXPath().compile(text);
        } catch (XPathExpressionException e) {
            throw new FilterSyntaxException("not XPath at character 1", 0);
        }
        return new EventExpression() {

            @Override
            public String text() {
                return text;
            }

            @Override
            public synchronized boolean matches(BrokerEvent event) {
                evaluations.incrementAndGet();
                byte[] bytes = new byte[event.content().remaining()];
                event.content().get(bytes);
                try {
                    return (Boolean) expression.evaluate(DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                            .parse(new ByteArrayInputStream(bytes)), XPathConstants.BOOLEAN);
                } catch (XPathExpressionException | SAXException | IOException | ParserConfigurationException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public boolean overran() {
                return text.equals(COSTLY) && evaluations.get() > 0;
            }

            @Override
            public List<String> select(BrokerEvent event) {
                throw new UnsupportedOperationException("no rule selects");
            }

            @Override
            public Explanation explain(BrokerEvent event) {
                throw new UnsupportedOperationException("no rule explains");
            }
        };
    }
}
