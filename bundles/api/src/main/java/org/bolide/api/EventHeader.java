package org.bolide.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import javax.xml.namespace.QName;

import static java.util.Objects.requireNonNull;

/**
 * What every event has in common, whatever its vocabulary. Immutable.
 *
 * @param root the name of the root element
 * @param identifier the event's own identifier, in a VOEvent its IVOID; it need not be unique: the 1.1 and the 2.0
 *     rendering of one event share theirs
 * @param role what the event is for; in a VOEvent {@code observation}, {@code prediction}, {@code utility} or
 *     {@code test} (VOEvent 2.0, section 3.1)
 * @param author the author's identifier, in a VOEvent {@code Who/AuthorIVORN}
 * @param authoredAt when the event was written, in a VOEvent {@code Who/Date}
 * @param observedAt when what it tells of happened, in a VOEvent the {@code ISOTime} of {@code WhereWhen}
 * @param position where on the sky it happened
 * @param citations the events that it refers to, in document order
 */
public record EventHeader(
        QName root,
        Optional<String> identifier,
        Optional<String> role,
        Optional<String> author,
        Optional<Instant> authoredAt,
        Optional<Instant> observedAt,
        Optional<SkyPosition> position,
        List<Citation> citations) {

    public EventHeader {
        requireNonNull(root);
        requireNonNull(identifier);
        requireNonNull(role);
        requireNonNull(author);
        requireNonNull(authoredAt);
        requireNonNull(observedAt);
        requireNonNull(position);
        citations = List.copyOf(citations);
    }

    /** A header that tells no more than the name of the root element. */
    public static EventHeader of(QName root) {
        return new EventHeader(root, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * The stream that the event belongs to: its identifier up to the {@code #} or {@code ?}, which in an IVOID separates what is
     * registered from what tells its records apart (IVOA Identifiers 2.0, sections 2.2 and 2.3). Without one, the name of the root
     * element.
     */
    public String stream() {
        return identifier.map(text -> text.substring(0, registeredLength(text))).filter(stream -> !stream.isEmpty()).orElse(root.toString());
    }

    private static int registeredLength(String identifier) {
        for (int i = 0; i < identifier.length(); i++) {
            if (identifier.charAt(i) == '#' || identifier.charAt(i) == '?') {
                return i;
            }
        }
        return 0;
    }
}
