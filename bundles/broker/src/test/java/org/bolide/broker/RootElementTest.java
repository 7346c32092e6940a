package org.bolide.broker;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.bolide.api.MalformedEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RootElementTest {

    private static final String ROOT = "<v:VOEvent xmlns:v=\"http://example.org/v\" a='>'><v:VOEvent/>x</v:VOEvent>";

    @ParameterizedTest
    @ValueSource(strings = {
        "%s",
        "<?xml version='1.0'?>%s\n",
        "<?xml version='1.0'?>\r\n<!-- <v:VOEvent> -->\n%s\n<!-- after --><?pi <? ?>\t\n",
        " \n%s<!-- </v:VOEvent> --><!---->",
        "<?pi a <b> ?>%s<?x y>?>",
        "\uFEFF%s"
    })
    void shouldFindTheRootWhateverIsAroundIt(String around) throws MalformedEventException {
        assertEquals(ROOT, rootOf(String.format(around, ROOT), StandardCharsets.UTF_8));
    }

    @Test
    void shouldFindTheRootInUtf16() throws MalformedEventException {
        String document = "<?xml version='1.0' encoding='UTF-16'?><!-- é -->" + ROOT + "<!-- after -->\n";
        assertEquals(ROOT, rootOf("\uFEFF" + document, StandardCharsets.UTF_16BE));
        assertEquals(ROOT, rootOf("\uFEFF" + document, StandardCharsets.UTF_16LE));
    }

    @Test
    void shouldFindAnEmptyRoot() throws MalformedEventException {
        assertEquals("<a b='/>' />", rootOf("<!-- x --><a b='/>' /> <!-- y -->", StandardCharsets.UTF_8));
    }

    @Test
    void shouldFindARootWhoseNameEndsLikeAComment() throws MalformedEventException {
        assertEquals("<a--><!-- c --></a-->", rootOf("<a--><!-- c --></a--> ", StandardCharsets.UTF_8));
    }

    @Test
    void shouldResolveTheRootsName() throws MalformedEventException {
        assertEquals("{http://example.org/v}VOEvent", locate(ROOT).name().toString());
        assertEquals("{urn:d}r", locate("<r xmlns = 'urn:d'/>").name().toString());
        assertEquals("r", locate("<r/>").name().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "text", "<", "<?xml version='1.0'?>", "<!-- no end", "<a", "<a b='c", "<a b>", "<a>-->"})
    void shouldRefuseWhatHasNoRoot(String document) {
        assertThrows(MalformedEventException.class, () -> locate(document));
    }

    @Test
    void shouldRefuseADtdAndSaySo() {
        MalformedEventException e =
                assertThrows(MalformedEventException.class, () -> locate("<?xml version='1.0'?><!DOCTYPE a []><a/>"));
        assertTrue(e.getMessage().contains("DTD"), e.getMessage());
    }

    private static RootElement locate(String document) throws MalformedEventException {
        return RootElement.locate(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)));
    }

    private static String rootOf(String document, Charset charset) throws MalformedEventException {
        byte[] bytes = document.getBytes(charset);
        RootElement root = RootElement.locate(ByteBuffer.wrap(bytes));
        return new String(bytes, root.start(), root.end() - root.start(), charset);
    }
}
