package org.bolide.api;

import java.nio.ByteBuffer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of XML document that the broker takes, registered as a service with {@link #ROOTS}. Called by the broker's
 * intake threads, by several at once.
 */
@ConsumerType
public interface Vocabulary {

    /** Required, strings of the form {@code {namespace}localName}: the root elements that this vocabulary reads. */
    String ROOTS = "vocabulary.roots";
    /** Strings of the form {@code prefix=namespace}: what filters may use undeclared. Default: none. */
    String PREFIXES = "vocabulary.prefixes";

    /**
     * Reads one document in a single pass: its header, and what is wrong with it. Documents come from strangers: no DTD,
     * no entity and nothing outside the document is ever loaded; depth and number of attributes are bounded.
     *
     * @param content the document's bytes; read, not changed
     * @throws MalformedEventException if it is not well-formed, has a DTD, or exceeds a limit
     */
    Reading read(ByteBuffer content) throws MalformedEventException;
}
