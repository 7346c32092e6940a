package org.bolide.handler.httppost;

import java.nio.charset.StandardCharsets;

/** A text of which each character is visible ASCII: every other one is percent-encoded UTF-8 (RFC 3986, section 2.1). */
final class VisibleAscii {

    private VisibleAscii() {
    }

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each > ' ' && each < 0x7F) {
                encoded.append((char) each);
            } else {
                encoded.append("%%%02X".formatted(each & 0xFF));
            }
        }
        return encoded.toString();
    }
}
