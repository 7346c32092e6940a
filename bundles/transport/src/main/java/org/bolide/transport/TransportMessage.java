package org.bolide.transport;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A Transport message as it was received (VTP 2.0, section 4), read leniently: any order, any prefix, unknown parts left
 * out.
 *
 * @param role what it is for
 * @param roleText the role as it was written
 * @param namespace the root element's namespace; empty for none
 * @param origin text of {@code Origin}; empty if there is none
 * @param response text of {@code Response}
 * @param timeStamp text of {@code TimeStamp}
 * @param result text of {@code Meta/Result}
 * @param filters the filters asked for, in document order
 * @param extensions values of the Params that only Bolide knows, by name; empty texts for those without a value
 */
record TransportMessage(Role role, String roleText, String namespace, String origin, Optional<String> response, Optional<String> timeStamp,
        Optional<String> result, List<Filter> filters, Map<String, String> extensions) {

    /** What we send first: the namespace of VTP 2.0's listings, which every client knows. */
    static final String NAMESPACE = "http://telescope-networks.org/schema/Transport/v1.1";

    /** The namespaces in use; we answer in the peer's. The second is Comet's, the fourth that of a proposed erratum. */
    static final List<String> NAMESPACES = List.of(
            NAMESPACE,
            "http://www.telescope-networks.org/xml/Transport/v1.1",
            "http://telescope-networks.org/xml/Transport/v1.1",
            "http://www.ivoa.net/xml/VTP/v2",
            "");

    /** The names of the Params in which filters are asked for. */
    static final String XPATH_FILTER = "xpath-filter";
    static final String XQUERY_FILTER = "xquery-filter";

    /** The Param with the last sequence sent on a connection; who sends it is a Bolide. */
    static final String SEQUENCE = "bolide-sequence";
    /** The Param with the time or sequence from which a subscriber asks for what the log holds. */
    static final String REPLAY_FROM = "replay-from";
    /** The Param with the name under which a subscriber asks to be remembered; in a nak, the name that is not in force. */
    static final String SUBSCRIBER = "subscriber";
    /** The Param of an iamalive with how many events its subscriber cannot get any more, because they have expired; 0 when it goes on where it was. */
    static final String MISSED = "bolide-missed";

    /** The Params that only Bolide knows; to others they mean nothing. */
    static final List<String> EXTENSIONS = List.of(SEQUENCE, REPLAY_FROM, SUBSCRIBER, MISSED);

    TransportMessage {
        filters = List.copyOf(filters);
        extensions = Map.copyOf(extensions);
    }

    /** The value of a Param that only Bolide knows. */
    Optional<String> extension(String name) {
        return Optional.ofNullable(extensions.get(name));
    }

    /** The namespace in which to answer. */
    String answerIn() {
        return NAMESPACES.contains(namespace) ? namespace : NAMESPACE;
    }

    /** What a message is for. */
    enum Role {
        IAMALIVE,
        AUTHENTICATE,
        ACK,
        NAK,
        OTHER;

        /** The role of this name; clients are known that write {@code imalive}. */
        static Role of(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "iamalive", "imalive" -> IAMALIVE;
                case "authenticate" -> AUTHENTICATE;
                case "ack" -> ACK;
                case "nak", "nack" -> NAK;
                default -> OTHER;
            };
        }
    }

    /**
     * A filter that a subscriber asks for.
     *
     * @param language in which it is written, see {@link org.bolide.api.FilterLanguage#LANGUAGE}
     * @param text the filter, not trimmed; empty if it has a fault
     * @param place where in the message it stands, for people
     * @param fault why it cannot be used, whatever its language says
     */
    record Filter(String language, String text, String place, Optional<String> fault) {}
}
