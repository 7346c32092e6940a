package org.bolide.vocabulary.voevent;

import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;

import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.SAXException;

/**
 * The schemas of VOEvent, all from within this bundle. That of 2.0 is compiled when the vocabulary starts; that of 1.1
 * draws in the IVOA's Space-Time Coordinates, takes most of a second, and waits for the first event of that version.
 */
final class Schemas {

    static final String NS_1_1 = "http://www.ivoa.net/xml/VOEvent/v1.1";
    static final String NS_2_0 = "http://www.ivoa.net/xml/VOEvent/v2.0";
    static final String NS_2_1 = "http://www.ivoa.net/xml/VOEvent/v2.1";
    static final String ROOT_1_1 = "{" + NS_1_1 + "}VOEvent";
    static final String ROOT_2_0 = "{" + NS_2_0 + "}VOEvent";
    static final String ROOT_2_1 = "{" + NS_2_1 + "}VOEvent";

    static final String ROOT_1_0 = "{http://www.ivoa.net/xml/VOEvent/v1.0}VOEvent";
    static final String ROOT_NONE = "{}VOEvent";

    /** The versions that authors may submit. */
    static final Set<QName> ROOTS = Set.of(QName.valueOf(ROOT_1_1), QName.valueOf(ROOT_2_0), QName.valueOf(ROOT_2_1));

    /** Nothing but these is ever read, whatever a schema or an event refers to. */
    private static final Set<String> FILES = Set.of("VOEvent-1.1.xsd", "VOEvent-2.0.xsd", "STC-v1.30.xsd", "xlink.xsd");

    private final Schema v20 = compile("VOEvent-2.0.xsd");
    private Schema v11;

    /** The schema by which an event with this root namespace is checked; empty for 2.1, which has none yet. */
    Optional<Schema> of(String namespace) {
        return switch (namespace) {
            case NS_1_1 -> Optional.of(v11());
            case NS_2_0 -> Optional.of(v20);
            default -> Optional.empty();
        };
    }

    private synchronized Schema v11() {
        if (v11 == null) {
            v11 = compile("VOEvent-1.1.xsd");
        }
        return v11;
    }

    private static Schema compile(String name) {
        try {
            // The JDK's own, never one that happens to be on the class path.
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            DOMImplementationLS inputs = (DOMImplementationLS) DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder().getDOMImplementation().getFeature("LS", "3.0");
            factory.setResourceResolver((type, namespace, publicId, reference, base) -> {
                LSInput input = inputs.createLSInput();
                input.setSystemId(reference);
                input.setByteStream(open(reference));
                return input;
            });
            return factory.newSchema(new StreamSource(open(name), name));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("the schema " + name + " of this bundle does not compile", e);
        }
    }

    private static InputStream open(String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        InputStream in = FILES.contains(name) ? Schemas.class.getResourceAsStream("/schema/" + name) : null;
        if (in == null) {
            throw new IllegalStateException("the schema " + reference + " is not in this bundle");
        }
        return in;
    }
}
