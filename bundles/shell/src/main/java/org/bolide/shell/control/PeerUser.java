package org.bolide.shell.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;

import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is at the other end of a Unix-domain socket, as the system says. */
final class PeerUser {

    private static final Logger LOG = LoggerFactory.getLogger(PeerUser.class);

    private PeerUser() {}

    /** The user's name; where the system does not tell, the name of this broker's user, who is the only one that can connect. */
    static String of(SocketChannel client) {
        try {
            return client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("the system does not tell who is connected", e);
            return System.getProperty("user.name");
        }
    }
}
