package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

import org.bolide.api.store.EventStore;
import org.bolide.testkit.EventStoreContract;
import org.bolide.testkit.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;


class PostgresEventStoreTest extends EventStoreContract {

    private static PostgresServer server;
    private static int databases;

    private String database;
    private JdbcEventStore store;

    @BeforeAll
    static void startServer() throws IOException {
        server = new PostgresServer();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void create() throws IOException, SQLException {
        database = "log" + ++databases;
        sql("postgres", "create database " + database);
        open();
    }

    @AfterEach
    void close() throws IOException {
        if (store != null) {
            store.close();
        }
    }

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void restart() throws IOException {
        close();
        open();
    }

    @Override
    protected void expire(Instant now) throws IOException {
        store.expire(now);
    }

    private void open() throws IOException {
        store = new JdbcEventStore(Path.of(""), Configs.in(server, database));
    }

    private static void sql(String database, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.url(database), PostgresServer.USER, server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
