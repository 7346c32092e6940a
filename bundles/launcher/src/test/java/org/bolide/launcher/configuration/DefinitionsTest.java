package org.bolide.launcher.configuration;

import java.util.List;

import org.bolide.launcher.Fixture;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DefinitionsTest {

    private final Definitions definitions = Fixture.definitions();

    @Test
    void shouldReadMetatype() {
        Definition receiver = definitions.find("org.bolide.transport.receiver").orElseThrow();
        assertTrue(receiver.factory());
        assertEquals("Takes events from authors.", receiver.description());
        Attribute port = receiver.attribute("port").orElseThrow();
        assertEquals(Attribute.Type.INTEGER, port.type());
        assertEquals("a whole number from 0 to 65535", port.allowed());
        assertEquals("8098", port.defaultText());
        Attribute allow = receiver.attribute("allow").orElseThrow();
        assertTrue(allow.list());
        assertEquals(List.of("0.0.0.0/0", "::/0"), allow.defaults());
        assertFalse(definitions.find("org.bolide.eventstore").orElseThrow().factory());
    }

    @Test
    void shouldKnowHandlersByTheirName() {
        assertEquals(List.of("exec", "print-event", "save-event"),
                definitions.handlers().stream().map(handler -> handler.handler().orElseThrow()).toList());
    }
}
