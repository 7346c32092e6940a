package org.bolide.launcher.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.bolide.launcher.configuration.ConfigurationFile.Name;

/** Checks configurations against their definitions, and gives their values the types that the definitions say. */
public final class Checker {

    /** Keys that any service may have, whatever its definition says. */
    private static final Set<String> ALWAYS_ALLOWED =
            Set.of("service.ranking", "service.description", "service.vendor", "service.pid", "service.factoryPid",
                    // what Karaf writes into a file that it made from a feature
                    "org.apache.karaf.features.configKey");

    private final Definitions definitions;

    public Checker(Definitions definitions) {
        this.definitions = definitions;
    }

    /** What a check found. */
    public static final class Result {

        private final Map<String, Object> values = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();

        /** The values with their types: of a definition's type where there is one, else as they stood. */
        public Map<String, Object> values() {
            return values;
        }

        public List<Problem> problems() {
            return problems;
        }
    }

    /** Whether a PID is one of Bolide's own, of which every one must be known. */
    public static boolean isOurs(String pid) {
        return pid.startsWith("org.bolide.");
    }

    /** What is wrong with a file's name, if anything. */
    public Optional<Problem> checkName(String file, Name name) {
        Optional<Definition> found = definitions.find(name.pid());
        if (found.isEmpty()) {
            if (!isOurs(name.pid())) {
                return Optional.empty();
            }
            String guess = Nearest.to(name.pid(), definitions.all().stream().map(Definition::pid).toList())
                    .map(pid -> ". Did you mean " + pid + "?")
                    .orElse("");
            return Optional.of(new Problem(file, "no installed bundle knows the PID " + name.pid() + guess));
        }
        Definition definition = found.get();
        boolean fits = name.isProper() && definition.factory() == !name.instance().isEmpty();
        if (fits) {
            return Optional.empty();
        }
        String wanted = definition.factory() && !name.instance().isEmpty()
                ? name.id() + ".cfg.json"
                : definition.fileName();
        String form = definition.factory() ? "JSON" : "key = value";
        return Optional.of(new Problem(file, "is not read under this name: call it " + wanted + " (" + form + ")"));
    }

    /**
     * Checks values.
     *
     * @param where the file or option, as the operator calls it
     */
    public Result check(String where, String pid, Map<String, Object> values) {
        Result result = new Result();
        Optional<Definition> found = definitions.find(pid);
        if (found.isEmpty()) {
            result.values.putAll(values);
            return result;
        }
        Definition definition = found.get();
        List<String> keys = definition.attributes().stream().map(Attribute::id).toList();
        values.forEach((key, value) -> {
            Optional<Attribute> attribute = definition.attribute(key);
            if (attribute.isPresent()) {
                check(where, attribute.get(), value, result);
            } else if (key.startsWith(".") || ALWAYS_ALLOWED.contains(key) || key.startsWith("felix.fileinstall.")) {
                result.values.put(key, value);
            } else {
                String known = Nearest.to(key, keys)
                        .map(guess -> ". Did you mean \"" + guess + "\"?")
                        .orElse(keys.isEmpty() ? "" : ". Known keys: " + String.join(", ", keys));
                result.problems.add(new Problem(where, "unknown key \"" + key + "\"" + known));
            }
        });
        for (Attribute attribute : definition.attributes()) {
            // A list's empty default cannot be told from none.
            if (attribute.required() && !attribute.list() && attribute.defaults().isEmpty() && !values.containsKey(attribute.id())) {
                result.problems.add(new Problem(where, "the key \"" + attribute.id() + "\" is missing; it must be "
                        + attribute.allowed() + ". " + attribute.description()));
            }
        }
        return result;
    }

    private static void check(String where, Attribute attribute, Object value, Result result) {
        if (isLateBound(value)) {
            result.values.put(attribute.id(), value);
            return;
        }
        try {
            result.values.put(attribute.id(), attribute.convert(value));
        } catch (IllegalArgumentException e) {
            result.problems.add(new Problem(where, "\"" + attribute.id() + "\" " + e.getMessage()));
        }
    }

    /** {@code $[env:NAME]} and the like are replaced later, by Configuration Admin's interpolation plugin. */
    private static boolean isLateBound(Object value) {
        return value instanceof String text && text.contains("$[");
    }
}
