package org.bolide.transport;

import javax.xml.namespace.QName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RootsTest {

    private static final QName CLACKS = new QName("http://www.gonicus.de/Events", "Event");

    @Test
    void shouldTakeANameInAnyNamespaceOrInOne() {
        Roots roots = Roots.parse("VOEvent", " {http://www.gonicus.de/Events}Event ", "");
        assertTrue(roots.contains(new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent")));
        assertTrue(roots.contains(new QName("VOEvent")));
        assertTrue(roots.contains(CLACKS));
        assertFalse(roots.contains(new QName("urn:other", "Event")));
        assertFalse(Roots.parse("VOEvent").contains(CLACKS));
        assertTrue(Roots.parse("*").contains(CLACKS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "voe:VOEvent", "{urn:x}", "a b", "{urn:x}*"})
    void shouldRefuseWhatNamesNoElement(String entry) {
        assertThrows(IllegalArgumentException.class, () -> Roots.parse(entry));
    }
}
