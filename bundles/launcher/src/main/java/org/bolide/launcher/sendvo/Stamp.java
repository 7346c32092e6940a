package org.bolide.launcher.sendvo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives a copy of an event an identifier of its own, and leaves every other byte as it is. */
final class Stamp {

    /** What may stand before the root element: declaration and processing instructions, comments, white space. */
    private static final Pattern BEGINNING = Pattern.compile(
            "\\A(?:\u00ef\u00bb\u00bf)?(?:\\s+|<\\?.*?\\?>|<!--.*?-->)*+<[^!?/\\s>]+", Pattern.DOTALL);
    private static final Pattern ATTRIBUTE = Pattern.compile("\\G\\s+([^\\s=>]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')");

    private final Supplier<String> suffixes;

    /** @param suffixes gives a text for each copy that no other copy has */
    Stamp(Supplier<String> suffixes) {
        this.suffixes = suffixes;
    }

    byte[] apply(byte[] event) throws IOException {
        // One character for each byte: right for every encoding that has ASCII's letters where ASCII has them.
        String text = new String(event, StandardCharsets.ISO_8859_1);
        Matcher beginning = BEGINNING.matcher(text);
        if (!beginning.find()) {
            throw new IOException("--new-id: no root element found; is it XML in UTF-8, ASCII or Latin-1?");
        }
        Matcher attribute = ATTRIBUTE.matcher(text);
        int from = beginning.end();
        while (attribute.find(from)) {
            if (attribute.start() != from) {
                break;
            }
            if (attribute.group(1).equals("ivorn")) {
                return stamped(event, attribute.group(2) != null ? attribute.end(2) : attribute.end(3),
                        attribute.group(2) != null ? attribute.group(2) : attribute.group(3));
            }
            from = attribute.end();
        }
        throw new IOException("--new-id: the root element has no attribute ivorn");
    }

    private byte[] stamped(byte[] event, int end, String ivorn) {
        boolean hasLocalPart = ivorn.indexOf('#') >= 0 || ivorn.indexOf('?') >= 0;
        byte[] addition = ((hasLocalPart ? "-" : "#") + suffixes.get()).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(event.length + addition.length)
                .put(event, 0, end)
                .put(addition)
                .put(event, end, event.length - end)
                .array();
    }
}
