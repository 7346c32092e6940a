package org.bolide.api;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One reader's way through the log. Used by one thread at a time; {@link #close()} may be called by any.
 */
@ProviderType
public interface EventReader extends AutoCloseable {

    /**
     * The next events, in the order of the log; empty if there are none. Does not wait for events, but may read the
     * disk: not for a transport's I/O threads. An event that is alone larger than {@code maxBytes} comes alone.
     *
     * <p>Quiet events ({@link Submission#quiet()}) are left out, unless the reader was opened at a place in the past
     * that its spec named, and not {@link ReaderSpec.Start.Again again}: then it gets those that the log had when it was opened.
     *
     * @throws java.io.UncheckedIOException if the log cannot be read now; the reader stays where it was
     */
    List<BrokerEvent> poll(int maxEvents, int maxBytes);

    /**
     * Has {@code wake} run once as soon as {@link #poll} would return something; at once if it would now. To be called
     * again for the next time; the latest call counts. {@code wake} runs on a thread of the broker, must not block and
     * may run although nothing has come.
     */
    void onAvailable(Runnable wake);

    /**
     * Records that all events up to this sequence are done. For a named reader the place is on disk at the latest a
     * second later, and when {@link #close()} has returned.
     */
    void commit(long sequence);

    /** The place: the last sequence committed, or where the reader started. */
    long place();

    /** How many events expired before this reader came to them, since it was opened. */
    long missed();

    /** Ends the reader. Repeated calls do nothing. */
    @Override
    void close();
}
