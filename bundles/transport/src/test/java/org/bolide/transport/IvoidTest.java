package org.bolide.transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IvoidTest {

    @ParameterizedTest
    @ValueSource(strings = {"ivo://example.org/broker", "ivo://abc", "IVO://4pisky.org/a/b.c#local/part?x", "ivo://abc?x", "ivo://foo.bar/~x'(y)*"})
    void shouldTakeWhatTheRecommendationAllows(String text) {
        assertEquals(text, Ivoid.parse(text).text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://example.org | must begin with ivo://",
        "ivo://ab/c         | 3 or more characters",
        "ivo://_abc         | begin with a letter or digit",
        "ivo:///broker      | authority ''",
        "ivo://abc/d//e     | must not contain //",
        "ivo://abc/./e      | must not contain",
        "ivo://abc/..       | must not contain",
        "ivo://abc/d/       | must not end with /",
        "ivo://abc/d e      | may have only",
        "ivo://abc/d#e f    | local part",
    })
    void shouldNameTheRuleThatIsBroken(String text, String rule) {
        String message = assertThrows(IllegalArgumentException.class, () -> Ivoid.parse(text)).getMessage();
        assertTrue(message.contains(rule), message);
    }

    @Test
    void shouldTellTheResource() {
        assertEquals("ivo://abc/d", Ivoid.parse("ivo://abc/d#e").resource());
        assertEquals("ivo://abc/d", Ivoid.parse("ivo://abc/d").resource());
    }
}
