package org.bolide.web.watch;

import java.io.IOException;

import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one browser: writes one text at a time, without a thread that waits for the network (Servlet 3.1, section 3.7). The
 * next text may be given when {@link Owner#sent} was called for the one before. Safe for any number of threads.
 */
final class AlertStream implements WriteListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(AlertStream.class);

    /** Whose stream it is. Called without locks of the stream's; must not block. */
    interface Owner {

        /** The text has left this process. */
        void sent();

        /** The browser has gone, or the stream was closed; called once. */
        void gone();
    }

    private final AsyncContext context;
    private final ServletOutputStream out;
    private Owner owner;
    private byte[] text;
    private boolean isWritten;
    private boolean isFlushed;
    private boolean isEnded;
    private boolean isCompleted;

    AlertStream(AsyncContext context) throws IOException {
        this.context = context;
        out = context.getResponse().getOutputStream();
        context.setTimeout(0);
        context.addListener(this);
    }

    /** Begins with the first text; to be called once, by the thread that serves the request. */
    void open(Owner streamOwner, byte[] first) {
        synchronized (this) {
            owner = streamOwner;
            text = first;
        }
        out.setWriteListener(this);
    }

    /** Sends a text. */
    void send(byte[] next) {
        synchronized (this) {
            if (isEnded) {
                return;
            }
            if (text != null) {
                throw new IllegalStateException("a text is being sent");
            }
            text = next;
        }
        proceed();
    }

    @Override
    public void onWritePossible() {
        proceed();
    }

    /** Goes on until the container has to wait for the network; it then calls {@link #onWritePossible}. */
    private void proceed() {
        boolean isSent;
        try {
            isSent = write();
        } catch (IOException | IllegalStateException e) {
            onError(e);
            return;
        }
        if (isSent) {
            owner.sent();
        }
    }

    /** Whether the text has left with this call. */
    private synchronized boolean write() throws IOException {
        while (text != null && !isEnded && out.isReady()) {
            if (!isWritten) {
                isWritten = true;
                out.write(text);
            } else if (!isFlushed) {
                isFlushed = true;
                out.flush();
            } else {
                text = null;
                isWritten = false;
                isFlushed = false;
                return true;
            }
        }
        return false;
    }

    @Override
    public void onError(Throwable why) {
        LOG.debug("A watching browser has gone: {}", why.toString());
        close();
    }

    /** Ends the answer, whatever has not been written of it. Repeated calls do nothing. */
    void close() {
        boolean completes;
        synchronized (this) {
            if (isEnded) {
                return;
            }
            isEnded = true;
            text = null;
            completes = !isCompleted;
        }
        if (completes) {
            complete();
        }
        owner.gone();
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The answer to a watching browser has ended already: {}", e.getMessage());
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        synchronized (this) {
            isCompleted = true;
        }
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // it is started once
    }
}
