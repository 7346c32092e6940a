package org.bolide.launcher.karaf;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Configuration Admin and the component runtime as far as this package uses them; the real ones are tested in the product. */
final class MemoryConfigurations {

    /** The configurations there are, by PID. */
    final Map<String, Map<String, Object>> byPid = new TreeMap<>();
    /** How often each was changed. */
    final Map<String, Integer> changes = new HashMap<>();
    /** Told of each that is deleted. */
    Consumer<String> onDelete = pid -> { };

    ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getConfiguration" -> configuration((String) arguments[0]);
            case "getFactoryConfiguration" -> configuration(arguments[0] + "~" + arguments[1]);
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private Configuration configuration(String pid) {
        return proxy(Configuration.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "updateIfDifferent" -> {
                Map<String, Object> values = values((Dictionary<?, ?>) arguments[0]);
                boolean differs = !values.equals(byPid.put(pid, values));
                changes.merge(pid, differs ? 1 : 0, Integer::sum);
                yield differs;
            }
            case "delete" -> {
                byPid.remove(pid);
                onDelete.accept(pid);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static Map<String, Object> values(Dictionary<?, ?> dictionary) {
        Map<String, Object> values = new TreeMap<>();
        for (Object key : Collections.list(dictionary.keys())) {
            Object value = dictionary.get(key);
            values.put((String) key, value instanceof Object[] several ? List.of(several) : value);
        }
        return values;
    }

    /** A component runtime that knows these; other threads may look at them if the list allows it. */
    static ServiceComponentRuntime runtime(List<ComponentConfigurationDTO> components) {
        return proxy(ServiceComponentRuntime.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getComponentDescriptionDTOs" -> components.stream().map(component -> component.description).toList();
            case "getComponentConfigurationDTOs" ->
                    components.stream().filter(component -> component.description == arguments[0]).toList();
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    static ComponentConfigurationDTO component(String pid, int state) {
        ComponentConfigurationDTO component = new ComponentConfigurationDTO();
        component.id = pid.hashCode();
        component.description = new ComponentDescriptionDTO();
        component.description.name = pid;
        component.state = state;
        component.properties = Map.of("service.pid", pid);
        return component;
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
