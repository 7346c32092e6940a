package org.bolide.vocabulary.voevent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IvoidTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_596958-767",
        "ivo://nasa.gsfc.gcn/Fermi#GBM_Flt_Pos_2014-04-25T00:19:51.97_420077994_72-009",
        "ivo://nvo.caltech/voeventnet/catot#1004071150784109051",
        "ivo://1ab/c#d/e?f+g",
        "IVO://authorityID/rsrc/with/slashes#local/ID/with/slashes",
        "ivo://abc/d...e/.f#..",
    })
    void shouldAcceptTheFormOfTheStandard(String ivoid) {
        assertTrue(Ivoid.fault(ivoid, false).isEmpty(), () -> Ivoid.fault(ivoid, false).get());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "ivo://ab/c#d|fewer than three characters",
        "ivo:///c#d|fewer than three characters",
        "ivo://.abc/d#e|does not start with a letter or a digit",
        "ivo://a@b.c/d#e|other than letters",
        "ivo://a%20c/d#e|other than letters",
        "ivo://abc#d|names no resource",
        "ivo://abc/#d|ends in /",
        "ivo://abc/d/#e|ends in /",
        "ivo://abc//d#e|has //",
        "ivo://abc/./d#e|. or ..",
        "ivo://abc/../../d#e|. or ..",
        "ivo://abc/d/..#e|. or ..",
        "ivo://abc/%64#e|percent-encoded",
        "ivo://abc/d|no local part",
        "ivo://abc/d#|no local part",
        "ivo://abc/d?e|no local part",
        "ivo://abc/d?e#f|has a ?",
        "ivo://abc/d#e#f|more than one #",
        "http://abc/d#e|does not start with ivo://",
        "abc|does not start with ivo://",
        " ivo://abc/d#e|white space around",
        "ivo://abc/d e#f|the character space",
        "ivo://abc/d#é|the character é",
    })
    void shouldNameTheRuleThatIsBroken(String ivoid, String rule) {
        String fault = Ivoid.fault(ivoid, false).orElseThrow();
        assertTrue(fault.contains(rule), fault);
        assertTrue(fault.contains(ivoid.strip()), fault);
    }

    @Test
    void shouldTakeAQuestionMarkInVersion21Only() {
        assertTrue(Ivoid.fault("ivo://abc/d?e", true).isEmpty());
        assertTrue(Ivoid.fault("ivo://abc/d#e", true).isEmpty());
        assertTrue(Ivoid.fault("ivo://abc/d?e#f", true).isEmpty());
        assertTrue(Ivoid.fault("ivo://abc/d", true).orElseThrow().contains("behind # or ?"));
        assertTrue(Ivoid.fault("ivo://ab?c", true).orElseThrow().contains("three characters"));
    }

    @Test
    void shouldSayThatThereIsNone() {
        assertTrue(Ivoid.fault(null, false).orElseThrow().contains("has no IVOID"));
        assertEquals(Ivoid.fault(null, false), Ivoid.fault("  ", false));
    }

    @Test
    void shouldBoundTheLength() {
        assertTrue(Ivoid.fault("ivo://abc/d#" + "e".repeat(1024), false).orElseThrow().contains("more than 1024"));
    }
}
