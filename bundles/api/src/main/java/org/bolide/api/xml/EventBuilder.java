package org.bolide.api.xml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import javax.xml.XMLConstants;
import javax.xml.namespace.QName;

/**
 * Writes an event: elements, attributes and texts, without a schema and without putting strings together. Whatever it
 * gives is well-formed XML 1.0 with namespaces, and whatever was put in comes out of a parser unchanged: special
 * characters are escaped, and what cannot be XML is refused at once. For one thread at a time; nothing blocks.
 *
 * <pre>{@code
 * ByteBuffer event = new EventBuilder()
 *         .namespace("", "http://www.gonicus.de/Events")
 *         .start("Event")
 *             .start("PhoneStatus")
 *                 .element("CallerId", "012345")
 *                 .element("ReceiverId", "12343424")
 *                 .element("Status", "busy")
 *             .end()
 *         .end()
 *         .build();
 * intake.submit(Submission.fromAuthor(event, "my plug-in"));
 * }</pre>
 *
 * <p>Names are written as in a document: {@code local} or {@code prefix:local}, the prefix declared by
 * {@link #namespace}. They follow XML 1.0, fifth edition, section 2.3, and Namespaces in XML 1.0, third edition.
 */
public final class EventBuilder {

    private final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Deque<Open> open = new ArrayDeque<>();
    /** What the next start tag declares. */
    private final Map<String, String> declared = new LinkedHashMap<>();
    private boolean inStartTag;
    private boolean finished;

    /** An element that has begun: the namespaces in force in it, and the attributes that it has. */
    private record Open(String name, Map<String, String> namespaces, Set<QName> attributes) {
    }

    /**
     * Declares a namespace for the next element that is started, and all within it.
     *
     * @param prefix empty for the default namespace
     * @param uri empty only with an empty prefix, for no namespace
     * @throws IllegalArgumentException for a prefix or a URI that cannot be declared, or a prefix that was declared for
     *     the same element
     */
    public EventBuilder namespace(String prefix, String uri) {
        if (finished) {
            throw finished("the namespace " + uri);
        }
        if (!prefix.isEmpty()) {
            XmlCharacters.checkName("prefix", prefix, place());
        }
        if (prefix.equals(XMLConstants.XML_NS_PREFIX) || prefix.equals(XMLConstants.XMLNS_ATTRIBUTE)) {
            throw wrong("the prefix \"" + prefix + "\" is XML's own: choose another one");
        }
        if (uri.equals(XMLConstants.XML_NS_URI) || uri.equals(XMLConstants.XMLNS_ATTRIBUTE_NS_URI)) {
            throw wrong("the namespace " + uri + " is XML's own and cannot be declared");
        }
        if (uri.isEmpty() && !prefix.isEmpty()) {
            throw wrong("the prefix \"" + prefix + "\" needs a namespace: an empty one is only for the prefix \"\"");
        }
        XmlCharacters.check(uri, place());
        if (declared.putIfAbsent(prefix, uri) != null) {
            throw wrong("the prefix \"" + prefix + "\" is declared twice for one element");
        }
        return this;
    }

    /**
     * Begins an element; {@link #end} ends it.
     *
     * @throws IllegalArgumentException for what is no name, or a prefix that is not declared
     * @throws IllegalStateException if the root element has ended
     */
    public EventBuilder start(String name) {
        if (finished) {
            throw finished("the element " + name);
        }
        Open parent = open.peek();
        Map<String, String> namespaces = parent == null ? Map.of() : parent.namespaces;
        if (!declared.isEmpty()) {
            namespaces = new HashMap<>(namespaces);
            namespaces.putAll(declared);
        }
        resolve("element", name, namespaces);
        closeStartTag();
        xml.append('<').append(name);
        declared.forEach((prefix, uri) -> {
            xml.append(prefix.isEmpty() ? " xmlns" : " xmlns:").append(prefix).append("=\"");
            XmlCharacters.appendValue(xml, uri);
            xml.append('"');
        });
        declared.clear();
        open.push(new Open(name, namespaces, new HashSet<>()));
        inStartTag = true;
        return this;
    }

    /**
     * Gives the element that was just started an attribute.
     *
     * @throws IllegalArgumentException for what is no name, a prefix that is not declared, a character that XML cannot
     *     hold, or an attribute that the element has
     * @throws IllegalStateException if the element has content already, or none was started
     */
    public EventBuilder attribute(String name, String value) {
        if (!inStartTag) {
            throw new IllegalStateException(place() + "the attribute " + name + " comes too late or too early:"
                    + " attributes follow start, before all content");
        }
        if (name.equals(XMLConstants.XMLNS_ATTRIBUTE) || name.startsWith(XMLConstants.XMLNS_ATTRIBUTE + ":")) {
            throw wrong("the attribute " + name + " declares a namespace: call namespace before start instead");
        }
        Open element = open.peek();
        QName expanded = resolve("attribute", name, element.namespaces);
        XmlCharacters.check(value, place() + "in the attribute " + name + ": ");
        if (!element.attributes.add(expanded)) {
            throw wrong("the element " + element.name + " has an attribute " + expanded + " already");
        }
        xml.append(' ').append(name).append("=\"");
        XmlCharacters.appendValue(xml, value);
        xml.append('"');
        return this;
    }

    /**
     * Adds text to the element that is open.
     *
     * @throws IllegalArgumentException for a character that XML cannot hold
     * @throws IllegalStateException outside the root element
     */
    public EventBuilder text(String text) {
        if (open.isEmpty()) {
            throw finished ? finished("text") : new IllegalStateException("text stands before the root element: call start first");
        }
        refuseUnused();
        XmlCharacters.check(text, place());
        closeStartTag();
        XmlCharacters.appendText(xml, text);
        return this;
    }

    /** An element with nothing but text: the same as {@code start(name).text(text).end()}. */
    public EventBuilder element(String name, String text) {
        return start(name).text(text).end();
    }

    /**
     * Ends the element that was started last and is still open.
     *
     * @throws IllegalStateException if none is
     */
    public EventBuilder end() {
        if (open.isEmpty()) {
            throw finished ? finished("another end") : new IllegalStateException("nothing is started that could end");
        }
        refuseUnused();
        Open element = open.pop();
        if (inStartTag) {
            xml.append("/>");
            inStartTag = false;
        } else {
            xml.append("</").append(element.name).append('>');
        }
        finished = open.isEmpty();
        return this;
    }

    /**
     * The document in UTF-8, ready for a {@link org.bolide.api.Submission}.
     *
     * @throws IllegalStateException if there is no root element, or it has not ended
     */
    public ByteBuffer build() {
        return ByteBuffer.wrap(toBytes()).asReadOnlyBuffer();
    }

    /**
     * The same as an array of the caller's own.
     *
     * @throws IllegalStateException if there is no root element, or it has not ended
     */
    public byte[] toBytes() {
        if (!finished) {
            throw new IllegalStateException(open.isEmpty() ? "the event has no root element: call start"
                    : place() + "not ended; call end for each start");
        }
        return xml.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void closeStartTag() {
        if (inStartTag) {
            xml.append('>');
            inStartTag = false;
        }
    }

    private QName resolve(String what, String name, Map<String, String> namespaces) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            XmlCharacters.checkName(what, name, place());
            return what.equals("element") ? new QName(namespaces.getOrDefault("", ""), name) : new QName(name);
        }
        String prefix = name.substring(0, colon);
        String local = name.substring(colon + 1);
        XmlCharacters.checkName("prefix", prefix, place());
        XmlCharacters.checkName(what, local, place());
        String uri = prefix.equals(XMLConstants.XML_NS_PREFIX) ? XMLConstants.XML_NS_URI : namespaces.get(prefix);
        if (uri == null) {
            throw wrong("the prefix of " + name + " is not declared: call namespace(\"" + prefix + "\", URI) before start");
        }
        return new QName(uri, local, prefix);
    }

    /** Declarations that no element has taken would be lost silently. */
    private void refuseUnused() {
        if (!declared.isEmpty()) {
            throw new IllegalStateException(place() + "the namespace " + declared.values().iterator().next()
                    + " was declared for an element that was not started");
        }
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(place() + why);
    }

    private static IllegalStateException finished(String what) {
        return new IllegalStateException(what + " stands after the end of the root element; an event has one root");
    }

    /** Where the event is being written, for people. */
    private String place() {
        StringBuilder place = new StringBuilder();
        for (Iterator<Open> outer = open.descendingIterator(); outer.hasNext();) {
            place.append(place.isEmpty() ? "in " : "/").append(outer.next().name);
        }
        return place.isEmpty() ? "" : place.append(": ").toString();
    }
}
