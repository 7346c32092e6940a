package org.bolide.transport;

import java.io.IOException;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteToClosedSessionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries MINA's events to the {@link Link} that belongs to the session. All methods run on I/O threads. */
abstract class LinkHandler extends IoHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(LinkHandler.class);
    private static final AttributeKey LINK = new AttributeKey(LinkHandler.class, "link");

    private final String role;

    /** @param role what the threads are called that serve such sessions */
    LinkHandler(String role) {
        this.role = role;
    }

    /** The link of a session; null if it was not admitted. */
    static Link link(IoSession session) {
        return (Link) session.getAttribute(LINK);
    }

    /** Gives a session its link, which from now on hears of everything. */
    protected static void attach(IoSession session, Link link) {
        session.setAttribute(LINK, link);
        link.open();
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        Link link = link(session);
        if (link != null) {
            link.received(((IoBuffer) message).buf());
        }
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        Link link = link(session);
        if (link != null) {
            link.sent();
        }
    }

    @Override
    public void inputClosed(IoSession session) {
        Link link = link(session);
        if (link != null) {
            link.inputClosed();
        } else {
            session.closeNow();
        }
    }

    @Override
    public void sessionClosed(IoSession session) {
        Link link = link(session);
        if (link != null) {
            link.closed();
        }
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        if (cause instanceof WriteToClosedSessionException || cause instanceof IOException) {
            LOG.debug("{}: {} has gone: {}", role, session.getRemoteAddress(), cause.toString());
            leaves(session, Leaving.lost("the connection was lost: " + cause.getMessage()));
        } else {
            LOG.error("{}: a connection of {} failed and is closed; this is a defect, please report it", role,
                    session.getRemoteAddress(), cause);
            leaves(session, Leaving.because("defect", "this broker failed, and has logged the error"));
        }
        session.closeNow();
    }

    private static void leaves(IoSession session, Leaving why) {
        Link link = link(session);
        if (link != null) {
            link.leaves(why);
        }
    }
}
