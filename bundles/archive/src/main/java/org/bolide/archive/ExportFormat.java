package org.bolide.archive;

import java.io.IOException;

import org.bolide.api.BrokerEvent;

/** Writes an export, one event after the other, and holds none. Without its end it can be told from a whole one. For one thread. */
interface ExportFormat {

    void event(BrokerEvent event) throws IOException;

    /** @param events how many there were */
    void end(long events) throws IOException;
}
