package org.bolide.transport;

/**
 * Why a connection ends, or was not let in.
 *
 * @param kind in a word, as it is counted: connections of one peer that end for the same kind of reason are shown as one
 * @param wanted whether the peer itself ends it
 * @param reason for people, about the peer: {@code it ended the connection}
 */
record Leaving(String kind, boolean wanted, String reason) {

    /** The peer has ended it. */
    static Leaving ended() {
        return new Leaving("ended", true, "it ended the connection");
    }

    /** It broke. */
    static Leaving lost(String how) {
        return new Leaving("lost", false, how);
    }

    /** This broker ends it. */
    static Leaving because(String kind, String reason) {
        return new Leaving(kind, false, reason);
    }
}
