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

    /** Forgets all but the last service of a type. */
    void replace(Class<?> type) {
        List<Object> known = services.stream().filter(type::isInstance).toList();
        services.removeAll(known.subList(0, known.size() - 1));
    }

    @Override
    public <T> List<T> all(Class<T> type) {
        return services.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
