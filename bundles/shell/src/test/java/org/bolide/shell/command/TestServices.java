package org.bolide.shell.command;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The services that a test gives; each is all the types that it implements. */
public final class TestServices implements Services {

    private final List<Object> services = new CopyOnWriteArrayList<>();

    public TestServices with(Object service) {
        services.add(service);
        return this;
    }

    @Override
    public <T> List<T> all(Class<T> type) {
        return services.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
