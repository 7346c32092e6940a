package org.bolide.launcher.cli;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IvoidTest {

    @ParameterizedTest
    @ValueSource(strings = {"ivo://org.example/broker", "ivo://org.example", "ivo://1ab/a/b", "ivo://org.example/~a*b'(c)+d=e"})
    void shouldAcceptABrokersIvoid(String ivoid) {
        assertEquals(Optional.empty(), Ivoid.broken(ivoid));
    }

    @ParameterizedTest
    @CsvSource({
        "org.example/broker, must begin with ivo://",
        "ivo://ab/broker, at least 3 characters",
        "ivo://.ab/broker, begin with a letter or digit",
        "ivo:///broker, at least 3 characters",
        "ivo://org.example//broker, must not contain //",
        "ivo://org.example/./broker, must not contain //",
        "ivo://org.example/../broker, must not contain //",
        "ivo://org.example/broker/, must not end in /",
        "ivo://org.example/bro ker, may have only",
        "ivo://org.example/broker#1, must not have a local part",
    })
    void shouldNameTheRuleThatIsBroken(String ivoid, String rule) {
        String broken = Ivoid.broken(ivoid).orElseThrow();
        assertTrue(broken.contains(rule), broken);
    }
}
