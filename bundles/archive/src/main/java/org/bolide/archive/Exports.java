package org.bolide.archive;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;

/**
 * Writes selections of any size, newest event first. It asks the log for a page, writes it, and asks for the next: nothing of the log
 * is held while a slow reader takes its time, and no more is in memory than a page. Safe for use by any number of threads.
 */
final class Exports {

    private static final int FIRST_PAGE = 32;
    private static final int MAX_PAGE = 256;
    private static final long PAGE_BYTES = 1 << 20;

    private final EventLog log;
    private final int most;
    private final Semaphore free;
    private volatile boolean closed;

    Exports(EventLog log, int most) {
        this.log = log;
        this.most = most;
        free = new Semaphore(most);
    }

    /** The beginning of an export that is allowed to run; whoever has it closes it. Fails while nothing is written yet. */
    final class Export implements AutoCloseable {

        private final EventQuery query;
        private final long limit;
        private List<BrokerEvent> page;
        private int size = FIRST_PAGE;

        private Export(EventQuery query, long limit) {
            this.query = query;
            this.limit = limit;
            page = page(Long.MAX_VALUE, limit);
        }

        private List<BrokerEvent> page(long before, long left) {
            return left == 0 ? List.of() : log.search(query, before, (int) Math.min(size, left));
        }

        /** Blocks as its reader does. Ends early, with an exception, if the log cannot be read on or this bundle stops. */
        long write(ExportFormat format) throws IOException {
            long events = 0;
            while (!page.isEmpty()) {
                long bytes = 0;
                for (BrokerEvent event : page) {
                    if (closed) {
                        throw new IOException("the archive is closed");
                    }
                    format.event(event);
                    bytes += event.content().remaining();
                    events++;
                }
                size = bytes > PAGE_BYTES ? Math.max(1, size / 2) : Math.min(MAX_PAGE, 2 * size);
                page = page(page.get(page.size() - 1).sequence(), limit - events);
            }
            format.end(events);
            return events;
        }

        @Override
        public void close() {
            free.release();
        }
    }

    /**
     * Reads the first page.
     *
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    Export begin(EventQuery query, long limit) throws ApiError {
        if (!free.tryAcquire()) {
            throw ApiError.busy(most);
        }
        boolean begun = false;
        try {
            Export export = new Export(query, limit);
            begun = true;
            return export;
        } finally {
            if (!begun) {
                free.release();
            }
        }
    }

    /** Ends all that run, at their next event. */
    void close() {
        closed = true;
    }
}
