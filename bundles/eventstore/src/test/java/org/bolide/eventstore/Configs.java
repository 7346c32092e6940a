package org.bolide.eventstore;

import java.nio.file.Path;
import java.util.Map;

import org.bolide.testkit.PostgresServer;

/** Configurations with the defaults but for some keys. */
final class Configs {

    private Configs() {
    }

    static EventStoreConfig with(Map<String, Object> values) {
        return (EventStoreConfig) java.lang.reflect.Proxy.newProxyInstance(
                EventStoreConfig.class.getClassLoader(), new Class<?>[] {EventStoreConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    static EventStoreConfig in(Path directory) {
        return with(Map.of("directory", directory.toString()));
    }

    static EventStoreConfig in(PostgresServer server, String database) {
        return with(Map.of("databaseUrl", server.url(database), "databaseUser", PostgresServer.USER,
                "databasePassword", server.password()));
    }
}
