package org.bolide.vocabulary.xml;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import javax.xml.namespace.NamespaceContext;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
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
import org.w3c.dom.NodeList;

/** XPath 1.0 by the JDK: bundles do not know one another, so these tests do without ours. */
final class JdkXPath implements FilterLanguage {

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        XPath xpath = XPathFactory.newDefaultInstance().newXPath();
        xpath.setNamespaceContext(new Prefixes(namespaces));
        try {
            return new Expression(text, xpath.compile(text));
        } catch (XPathExpressionException e) {
            throw new FilterSyntaxException(String.valueOf(e.getMessage()), 2);
        }
    }

    private record Expression(String text, XPathExpression compiled) implements EventExpression {

        @Override
        public synchronized List<String> select(BrokerEvent event) {
            try {
                DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
                factory.setNamespaceAware(true);
                ByteBuffer content = event.content();
                byte[] bytes = new byte[content.remaining()];
                content.get(bytes);
                Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
                try {
                    NodeList nodes = (NodeList) compiled.evaluate(document.getDocumentElement(), XPathConstants.NODESET);
                    List<String> values = new ArrayList<>();
                    for (int i = 0; i < nodes.getLength(); i++) {
                        values.add(nodes.item(i).getTextContent());
                    }
                    return values;
                } catch (XPathExpressionException noNodes) {
                    return List.of(compiled.evaluate(document.getDocumentElement()));
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean matches(BrokerEvent event) {
            return !select(event).isEmpty();
        }

        @Override
        public boolean overran() {
            return false;
        }

        @Override
        public Explanation explain(BrokerEvent event) {
            return new Explanation(text, select(event).toString(), List.of());
        }
    }

    private record Prefixes(Map<String, String> namespaces) implements NamespaceContext {

        @Override
        public String getNamespaceURI(String prefix) {
            return namespaces.get(prefix);
        }

        @Override
        public String getPrefix(String uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Iterator<String> getPrefixes(String uri) {
            throw new UnsupportedOperationException();
        }
    }
}
