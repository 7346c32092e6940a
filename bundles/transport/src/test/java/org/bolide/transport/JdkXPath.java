package org.bolide.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

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
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** XPath 1.0 as the Java runtime has it: slow, and for one thread at a time, but real. */
final class JdkXPath implements FilterLanguage {

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        XPathExpression expression;
        try {
            expression = XPathFactory.newDefaultInstance().newXPath().compile(text);
        } catch (XPathExpressionException e) {
            throw new FilterSyntaxException(String.valueOf(e.getMessage()), -1);
        }
        return new EventExpression() {

            @Override
            public String text() {
                return text;
            }

            @Override
            public synchronized boolean matches(BrokerEvent event) {
                try {
                    return (Boolean) expression.evaluate(document(event), XPathConstants.BOOLEAN);
                } catch (XPathExpressionException e) {
                    return false;
                }
            }

            @Override
            public boolean overran() {
                return false;
            }

            @Override
            public List<String> select(BrokerEvent event) {
                throw new UnsupportedOperationException("no session selects");
            }

            @Override
            public Explanation explain(BrokerEvent event) {
                throw new UnsupportedOperationException("no session explains");
            }
        };
    }

    private static Document document(BrokerEvent event) {
        byte[] bytes = new byte[event.content().remaining()];
        event.content().get(bytes);
        try {
            return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
