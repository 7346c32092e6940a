package org.bolide.vocabulary.xml;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.xml.namespace.QName;
import javax.xml.validation.Schema;
import javax.xml.validation.ValidatorHandler;

import org.bolide.api.EventHeader;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.xml.DocumentFaults;
import org.bolide.api.xml.DocumentParser;
import org.xml.sax.Attributes;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.ext.Locator2;
import org.xml.sax.helpers.XMLFilterImpl;

/** A parser with its validator, for one thread at a time: one pass over the bytes finds the root element and the faults. */
final class EventParser {

    private final Set<QName> roots;
    private final DocumentFaults faults = new DocumentFaults();
    private final Root root = new Root();
    private final DocumentParser parser = new DocumentParser();

    /** @param schema empty if events are not checked by one */
    EventParser(Set<QName> roots, Optional<Schema> schema) {
        this.roots = roots;
        schema.ifPresent(rules -> {
            ValidatorHandler validator = rules.newValidatorHandler();
            validator.setErrorHandler(faults);
            root.setContentHandler(validator);
        });
    }

    /** The name of the root element, and the faults. */
    Reading read(ByteBuffer content) throws MalformedEventException {
        faults.clear();
        root.name = null;
        parser.parse(content, root);
        return new Reading(EventHeader.of(root.name), List.copyOf(faults.list()));
    }

    /** Looks at the root element on its way to the validator. */
    private final class Root extends XMLFilterImpl {

        private Locator locator;
        private QName name;

        @Override
        public void setDocumentLocator(Locator place) {
            locator = place;
            super.setDocumentLocator(place);
        }

        @Override
        public void startElement(String uri, String local, String qName, Attributes attributes) throws SAXException {
            if (name == null) {
                name = new QName(uri, local);
                check();
            }
            super.startElement(uri, local, qName, attributes);
        }

        private void check() {
            if (!roots.contains(name)) {
                faults.add(locator, "The root element " + name + " is none of this vocabulary's: " + roots + ".");
            }
            if (locator instanceof Locator2 precise && "1.1".equals(precise.getXMLVersion())) {
                faults.add(locator, "The document declares XML 1.1, which other programs cannot read; declare version 1.0.");
            }
        }
    }
}
