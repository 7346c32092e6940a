package org.bolide.broker;

import java.io.IOException;

/** An event was given up because others would have waited longer for it; it is not in the log. */
final class OverloadException extends IOException {

    private static final long serialVersionUID = 1;

    OverloadException(String message) {
        super(message);
    }
}
