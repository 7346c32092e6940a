package org.bolide.broker;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

import javax.xml.XMLConstants;
import javax.xml.namespace.QName;

import org.bolide.api.MalformedEventException;

/**
 * Where the root element stands in a document's bytes, and its name: all that the broker itself knows of XML.
 *
 * <p>Right for every well-formed document in UTF-8, UTF-16 or an encoding whose ASCII characters are ASCII's bytes; of
 * others it may find too much, and the vocabulary that reads them next refuses them. It looks at the prolog, the root's
 * start tag and, from the end, at what follows the root: never at what is inside.
 *
 * @param start index of the opening {@code <}
 * @param end index after the closing {@code >}
 * @param name the root's qualified name
 */
public record RootElement(int start, int end, QName name) {

    /** @throws MalformedEventException if there is no root element, or a DTD before it */
    public static RootElement locate(ByteBuffer content) throws MalformedEventException {
        return new Scan(content).locate();
    }

    /** To look an algorithm up takes longer than to digest a small event. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    });

    /** What tells the event from others: the SHA-256 digest of the root element's bytes. */
    public ByteBuffer digest(ByteBuffer content) {
        MessageDigest sha256 = SHA_256.get();
        sha256.update(content.slice(content.position() + start, end - start));
        return ByteBuffer.wrap(sha256.digest());
    }

    /** The document as a row of code units, one or two bytes each. */
    private static final class Scan {

        private final ByteBuffer bytes;
        private final int unitBytes;
        private final int lowByte;
        private final Charset charset;
        private final int length;

        Scan(ByteBuffer content) {
            bytes = content.slice();
            boolean bigEndian = startsWith(0xFE, 0xFF) || startsWith(0x00, '<');
            boolean littleEndian = startsWith(0xFF, 0xFE) || startsWith('<', 0x00);
            unitBytes = bigEndian || littleEndian ? 2 : 1;
            lowByte = bigEndian ? 1 : 0;
            charset = bigEndian
                    ? StandardCharsets.UTF_16BE
                    : littleEndian ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
            length = bytes.remaining() / unitBytes;
        }

        RootElement locate() throws MalformedEventException {
            int start = skipProlog();
            Map<String, String> namespaces = new HashMap<>();
            String name = readStartTag(start, namespaces);
            int colon = name.indexOf(':');
            String prefix = colon < 0 ? XMLConstants.DEFAULT_NS_PREFIX : name.substring(0, colon);
            QName qname = new QName(
                    namespaces.getOrDefault(prefix, XMLConstants.NULL_NS_URI), name.substring(colon + 1), prefix);
            return new RootElement(start * unitBytes, findEnd(start, name) * unitBytes, qname);
        }

        private int skipProlog() throws MalformedEventException {
            int at = startsWith(0xEF, 0xBB, 0xBF) ? 3 : unitBytes == 2 && unit(0) != '<' ? 1 : 0;
            while (true) {
                while (at < length && isSpace(unit(at))) {
                    at++;
                }
                if (at >= length) {
                    throw new MalformedEventException("not XML: there is no root element");
                }
                if (unit(at) != '<') {
                    throw new MalformedEventException(
                            "not XML: a document begins with \"<\", this one with byte 0x%02X at offset %d"
                                    .formatted(bytes.get(at * unitBytes) & 0xFF, at * unitBytes));
                }
                if (looksLike(at, "<?")) {
                    at = after(at, "?>");
                } else if (looksLike(at, "<!--")) {
                    at = after(at + 2, "-->");
                } else if (looksLike(at, "<!DOCTYPE")) {
                    throw new MalformedEventException("a DTD (<!DOCTYPE …>) is not accepted: remove it");
                } else {
                    return at;
                }
            }
        }

        /** Returns the name as written and collects the namespaces that the tag declares. */
        private String readStartTag(int start, Map<String, String> namespaces) throws MalformedEventException {
            int at = endOfName(start + 1);
            String name = text(start + 1, at);
            if (name.isEmpty()) {
                throw new MalformedEventException("not XML: \"<\" without an element's name at offset " + start);
            }
            while (true) {
                while (at < length && isSpace(unit(at))) {
                    at++;
                }
                if (at >= length) {
                    throw new MalformedEventException("not XML: the start tag <" + name + " is not closed");
                }
                if (unit(at) == '>' || unit(at) == '/') {
                    return name;
                }
                int nameEnd = endOfName(at);
                int quote = nameEnd;
                while (quote < length && unit(quote) != '"' && unit(quote) != '\'' && unit(quote) != '>') {
                    quote++;
                }
                if (quote >= length || unit(quote) == '>') {
                    throw new MalformedEventException(
                            "not XML: the attribute " + text(at, nameEnd) + " of <" + name + "> has no quoted value");
                }
                int close = quote + 1;
                while (close < length && unit(close) != unit(quote)) {
                    close++;
                }
                String attribute = text(at, nameEnd);
                if (attribute.equals("xmlns")) {
                    namespaces.put("", text(quote + 1, close));
                } else if (attribute.startsWith("xmlns:")) {
                    namespaces.put(attribute.substring(6), text(quote + 1, close));
                }
                at = close + 1;
            }
        }

        /** From the end backwards over white space, comments and processing instructions to the root's own end. */
        private int findEnd(int start, String name) throws MalformedEventException {
            int end = length;
            while (true) {
                while (end > start && (isSpace(unit(end - 1)))) {
                    end--;
                }
                if (closesRoot(end, name)) {
                    return end;
                }
                int opening;
                if (endsWith(end, "-->")) {
                    opening = lastIndexOf("<!--", end - 3);
                } else if (endsWith(end, "?>")) {
                    opening = openingOfInstruction(end);
                } else {
                    opening = -1;
                }
                if (opening <= start) {
                    throw new MalformedEventException("not XML: the root element <" + name + "> is not closed");
                }
                end = opening;
            }
        }

        private boolean closesRoot(int end, String name) {
            if (endsWith(end, "/>")) {
                return true;
            }
            if (!endsWith(end, ">")) {
                return false;
            }
            int at = end - 1;
            while (at > 0 && isSpace(unit(at - 1))) {
                at--;
            }
            int nameLength = unitBytes == 2 ? name.length() : name.getBytes(charset).length;
            int open = at - nameLength;
            return open >= 2 && endsWith(open, "</") && text(open, at).equals(name);
        }

        /** An instruction may itself contain {@code <?}: the right one follows the end of something. */
        private int openingOfInstruction(int end) {
            int opening = lastIndexOf("<?", end - 2);
            while (opening > 0) {
                int before = opening;
                while (before > 0 && isSpace(unit(before - 1))) {
                    before--;
                }
                if (endsWith(before, ">")) {
                    return opening;
                }
                opening = lastIndexOf("<?", opening);
            }
            return -1;
        }

        private int after(int at, String closing) throws MalformedEventException {
            for (int i = at; i + closing.length() <= length; i++) {
                if (looksLike(i, closing)) {
                    return i + closing.length();
                }
            }
            throw new MalformedEventException("not XML: \"" + closing + "\" is missing before the root element");
        }

        private int lastIndexOf(String wanted, int before) {
            for (int i = before - wanted.length(); i >= 0; i--) {
                if (looksLike(i, wanted)) {
                    return i;
                }
            }
            return -1;
        }

        private boolean endsWith(int end, String wanted) {
            return looksLike(end - wanted.length(), wanted);
        }

        private boolean looksLike(int at, String wanted) {
            if (at < 0 || at + wanted.length() > length) {
                return false;
            }
            for (int i = 0; i < wanted.length(); i++) {
                if (unit(at + i) != wanted.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private int endOfName(int from) {
            int at = from;
            while (at < length && !isSpace(unit(at)) && unit(at) != '/' && unit(at) != '>' && unit(at) != '=') {
                at++;
            }
            return at;
        }

        private int unit(int at) {
            if (unitBytes == 1) {
                return bytes.get(at) & 0xFF;
            }
            int low = bytes.get(2 * at + lowByte) & 0xFF;
            int high = bytes.get(2 * at + 1 - lowByte) & 0xFF;
            return high << 8 | low;
        }

        private String text(int from, int to) {
            byte[] part = new byte[(Math.min(to, length) - from) * unitBytes];
            bytes.get(from * unitBytes, part);
            return new String(part, charset);
        }

        private boolean startsWith(int... wanted) {
            for (int i = 0; i < wanted.length; i++) {
                if (bytes.remaining() <= i || (bytes.get(i) & 0xFF) != wanted[i]) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isSpace(int unit) {
            return unit == ' ' || unit == '\n' || unit == '\r' || unit == '\t';
        }
    }
}
