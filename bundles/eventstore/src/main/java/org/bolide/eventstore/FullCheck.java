package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.bolide.api.management.LogMaintenance.LogFindings;
import org.bolide.api.management.LogMaintenance.Progress;

/** Reads the whole log and compares what must fit together. */
final class FullCheck {

    private static final int PAGE = 500;
    private static final int MAX_FAULTS = 20;

    private final Connection connection;
    private final boolean isSqlite;
    private final Bodies bodies;
    private final Progress progress;
    private final List<String> faults = new ArrayList<>();
    private long damaged;

    FullCheck(Connection connection, boolean isSqlite, Bodies bodies, Progress progress) {
        this.connection = connection;
        this.isSqlite = isSqlite;
        this.bodies = bodies;
        this.progress = progress;
    }

    LogFindings run(long upTo) throws SQLException, IOException, InterruptedException {
        long total = LongWork.number(connection, "select count(*) from events where sequence <= ?", upTo);
        connection.commit();
        progress.at(0, total);
        if (isSqlite) {
            LongWork.interruptible(connection, () -> progress.at(0, total), this::structure);
        }
        long events = new LogCheck(connection, isSqlite, bodies, this::fault).check(0, upTo, done -> progress.at(done, total));
        return new LogFindings(events, damaged, faults);
    }

    private Void structure() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma integrity_check(" + MAX_FAULTS + ")")) {
            while (row.next()) {
                if (!row.getString(1).equals("ok")) {
                    fault("The database: " + row.getString(1) + ".");
                }
            }
        }
        connection.commit();
        return null;
    }

    private void fault(String text) {
        damaged++;
        if (faults.size() < MAX_FAULTS) {
            faults.add(text);
        }
    }
}
