package org.bolide.eventstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.bolide.api.management.LogMaintenance.Progress;

/**
 * Writes the log into one SQLite file. Of an SQLite log, {@code VACUUM INTO} makes the copy within one reading transaction
 * (https://www.sqlite.org/lang_vacuum.html), which no writer waits for; meanwhile the write-ahead log grows by what comes in.
 * Not the online backup functions: those begin anew whenever another connection has written. Of a PostgreSQL log the rows
 * are copied, as of one moment. The file gets its name when it is complete and synced.
 */
final class Backup {

    private final Dialect dialect;
    private final Path file;
    private final Path part;
    private final Progress progress;

    Backup(Dialect dialect, Path file, Progress progress) {
        this.dialect = dialect;
        this.file = file;
        this.progress = progress;
        part = file.resolveSibling(file.getFileName() + ".part");
    }

    long run() throws SQLException, IOException, InterruptedException {
        if (Files.exists(file)) {
            throw new IOException(file + " is there already: give another name, or move it away.");
        }
        remove(part);
        try {
            Path copy = dialect instanceof SqliteDialect ? vacuum() : copyRows();
            sync(copy, StandardOpenOption.WRITE);
            Files.move(copy, file);
            sync(file.getParent(), StandardOpenOption.READ);
            return Files.size(file);
        } catch (FileSystemException e) {
            String reason = e.getReason() != null ? e.getReason() : e.getClass().getSimpleName();
            throw new IOException("The backup cannot be written: " + e.getFile() + ": " + reason + ". Give a file in a directory that"
                    + " the user " + System.getProperty("user.name") + " may write to.", e);
        } finally {
            remove(part);
        }
    }

    private Path vacuum() throws SQLException, IOException, InterruptedException {
        Files.createFile(part);
        try (Connection connection = LongWork.connect(dialect)) {
            long total = (LongWork.number(connection, "pragma page_count") - LongWork.number(connection, "pragma freelist_count"))
                    * LongWork.number(connection, "pragma page_size");
            connection.commit();
            connection.setAutoCommit(true); // a transaction within cannot be
            try (PreparedStatement into = connection.prepareStatement("vacuum into ?")) {
                into.setString(1, part.toString());
                LongWork.interruptible(connection, () -> progress.at(Math.min(part.toFile().length(), total), total), into::execute);
            }
            progress.at(total, total);
            return part;
        }
    }

    private Path copyRows() throws SQLException, IOException, InterruptedException {
        Files.createDirectory(part);
        SqliteDialect copy = new SqliteDialect(part);
        try (Connection source = LongWork.connect(dialect); Connection target = copy.openWriter()) {
            Schema.migrate(target, copy, Schema.SCRIPTS);
            long latest = WriteSession.latest(source);
            RowCopier rows = new RowCopier(source, target, true, progress);
            rows.expect(LongWork.number(source, "select count(*) from digests") + LongWork.number(source, "select count(*) from events"));
            rows.digests(0, latest);
            rows.events(0, latest);
            for (String table : List.of("dictionaries", "digest_index", "sky_index", "event_facts", "places", "dead_letters", "state", "log_state")) {
                rows.whole(table);
            }
            target.commit();
            target.setAutoCommit(true);
            LongWork.execute(target, "pragma journal_mode = delete"); // one file, with nothing beside it
        } finally {
            copy.release();
        }
        return part.resolve(SqliteDialect.FILE);
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static void remove(Path leftOver) throws IOException {
        if (Files.exists(leftOver)) {
            try (Stream<Path> files = Files.walk(leftOver)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
