package org.bolide.benchmarks.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Which events a subscriber should get: what its filter says of each document, by the JDK's XPath 1.0, found out before
 * the run. No filter of ours looks at the number of an event.
 */
final class Expectation {

    private final Events events;
    /** Of each filter, of each document. */
    private final boolean[][] verdicts;

    /** Evaluates each filter on as many documents as the run uses. */
    Expectation(List<String> filters, Events events, int most) {
        this.events = events;
        verdicts = new boolean[filters.size()][filters.isEmpty() ? 0 : Math.min(most, events.documents())];
        if (filters.isEmpty()) {
            return;
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/dom/defer-node-expansion", false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            XPath xpath = XPathFactory.newInstance().newXPath();
            XPathExpression[] expressions = new XPathExpression[filters.size()];
            for (int f = 0; f < expressions.length; f++) {
                expressions[f] = xpath.compile("boolean(" + filters.get(f) + ")");
            }
            for (int d = 0; d < verdicts[0].length; d++) {
                Document document = builder.parse(new ByteArrayInputStream(events.document(d)));
                for (int f = 0; f < expressions.length; f++) {
                    verdicts[f][d] = (Boolean) expressions[f].evaluate(document, XPathConstants.BOOLEAN);
                }
            }
        } catch (ParserConfigurationException | XPathExpressionException | SAXException | IOException e) {
            throw new IllegalStateException("the filters could not be evaluated beforehand", e);
        }
    }

    /** Whether a subscriber with this filter, -1 for none, should get an event. */
    boolean wants(int filter, int number) {
        return filter < 0 || verdicts[filter][events.documentOf(number)];
    }

    /** How many of the acknowledged events a subscriber with this filter should get. */
    int count(int filter, Ledger ledger, int begun) {
        int count = 0;
        for (int number = 0; number < begun; number++) {
            if (ledger.acked(number) && wants(filter, number)) {
                count++;
            }
        }
        return count;
    }
}
