package org.bolide.launcher.configuration;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class NearestTest {

    private static final List<String> WORDS = List.of("--receive", "--receive-port", "--remote");

    @Test
    void shouldGuessTheWordWithTheFewestLettersDifferent() {
        assertEquals(Optional.of("--receive"), Nearest.to("--recieve", WORDS));
        assertEquals(Optional.of("--receive-port"), Nearest.to("--receive_port", WORDS));
        assertEquals(Optional.of("--remote"), Nearest.to("--REMOTE", WORDS));
    }

    @Test
    void shouldNotGuessWildly() {
        assertEquals(Optional.empty(), Nearest.to("--zzzzzzzz", WORDS));
        assertEquals(Optional.empty(), Nearest.to("x", List.of()));
    }
}
