package org.bolide.vocabulary.xml;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import javax.xml.XMLConstants;

import org.bolide.api.MalformedEventException;
import org.bolide.api.xml.DocumentParser;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * One XSD file as it was read, and what it says of itself: enough to put files together, without any schema processor
 * reaching for files by itself.
 *
 * @param namespace its target namespace; empty for none
 * @param elements its global elements that begin no substitution: those that an envelope may hold
 */
record Xsd(Path path, byte[] bytes, String namespace, List<String> elements, List<Reference> references) {

    /**
     * @param namespace of an import; empty for none
     * @param location as written; empty in an import that leaves it to the processor
     */
    record Reference(boolean isImport, String namespace, Optional<String> location, String place) {
    }

    /** @throws MalformedEventException if it is no schema: where, and why */
    static Xsd read(Path path, byte[] bytes) throws MalformedEventException {
        Contents contents = new Contents();
        new DocumentParser().parse(ByteBuffer.wrap(bytes), contents);
        return new Xsd(path, bytes, contents.namespace, contents.elements, contents.references);
    }

    boolean isSameAs(Xsd other) {
        return other != null && Arrays.equals(bytes, other.bytes);
    }

    /** Whether it imports what is at this location, rather than including it. */
    boolean imports(String location) {
        return references.stream().anyMatch(reference -> reference.isImport && reference.location.equals(Optional.ofNullable(location)));
    }

    /** The file that a location means; empty if it means no file. */
    Optional<Path> resolve(String location) {
        try {
            URI uri = new URI(location);
            boolean isRelative = uri.getScheme() == null && uri.getRawAuthority() == null && uri.getPath() != null;
            return isRelative ? Optional.of(path.resolveSibling(uri.getPath()).normalize()) : Optional.empty();
        } catch (URISyntaxException | InvalidPathException e) {
            // Empty is the answer to that, too.
            return Optional.empty();
        }
    }

    private static final class Contents extends DefaultHandler {

        private final List<String> elements = new ArrayList<>();
        private final List<Reference> references = new ArrayList<>();
        private String namespace = "";
        private int depth;
        private Locator locator;

        @Override
        public void setDocumentLocator(Locator place) {
            locator = place;
        }

        @Override
        public void startElement(String uri, String local, String name, Attributes attributes) throws SAXException {
            boolean isXsd = uri.equals(XMLConstants.W3C_XML_SCHEMA_NS_URI);
            if (depth == 0) {
                if (!isXsd || !local.equals("schema")) {
                    throw new SAXException(place() + "this is no XML Schema: its root element is " + name
                            + ", not schema in the namespace " + XMLConstants.W3C_XML_SCHEMA_NS_URI);
                }
                namespace = Optional.ofNullable(attributes.getValue("targetNamespace")).orElse("");
            } else if (depth == 1 && isXsd) {
                startComponent(local, attributes);
            }
            depth++;
        }

        private void startComponent(String local, Attributes attributes) {
            switch (local) {
                case "element" -> {
                    if (attributes.getValue("name") != null && attributes.getValue("substitutionGroup") == null) {
                        elements.add(attributes.getValue("name"));
                    }
                }
                case "import", "include", "redefine" -> references.add(new Reference(local.equals("import"),
                        Optional.ofNullable(attributes.getValue("namespace")).orElse(""),
                        Optional.ofNullable(attributes.getValue("schemaLocation")), place()));
                default -> { }
            }
        }

        @Override
        public void endElement(String uri, String local, String name) {
            depth--;
        }

        private String place() {
            return "line " + locator.getLineNumber() + ", column " + locator.getColumnNumber() + ": ";
        }
    }
}
