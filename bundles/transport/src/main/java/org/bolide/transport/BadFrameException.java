package org.bolide.transport;

/** The peer sent something that is no VTP message; nothing after it can be read. The message says what it looks like. */
final class BadFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    BadFrameException(String message) {
        super(message);
    }
}
