package org.bolide.launcher.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.bolide.launcher.configuration.Attribute;
import org.bolide.launcher.configuration.Checker;
import org.bolide.launcher.configuration.ConfigurationFile;
import org.bolide.launcher.configuration.Definition;
import org.bolide.launcher.configuration.Definitions;

/**
 * What a run's configuration is to be: that of the files, with what the options say laid over it. Knows nothing of
 * single options; see {@link Planner}.
 */
final class Plan {

    /** A configuration of this run: where it comes from (a file, or the option that made it) and its values. */
    record Entry(String id, String source, boolean fromFile, Map<String, Object> values, Map<String, String> options) {

        String pid() {
            return ConfigurationFile.pid(id);
        }

        /** Who set a key, as an operator calls it. */
        String whoSet(String key) {
            return options.getOrDefault(key, key + " in " + source);
        }
    }

    private final Definitions definitions;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Map<String, Object>> settings = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    Plan(Definitions definitions) {
        this.definitions = definitions;
    }

    void addFile(String id, String name, Map<String, Object> values) {
        entries.put(id, new Entry(id, name, true, new LinkedHashMap<>(values), new LinkedHashMap<>()));
    }

    /** The configurations with this PID, those of files first. */
    List<Entry> all(String pid) {
        return entries.values().stream().filter(entry -> entry.pid().equals(pid)).toList();
    }

    List<Entry> fromFiles(String pid) {
        return all(pid).stream().filter(Entry::fromFile).toList();
    }

    Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    List<Entry> all() {
        return List.copyOf(entries.values());
    }

    /** The configuration with this id, made if there is none. */
    Entry obtain(String id, String option) {
        settings.computeIfAbsent(id, i -> new LinkedHashMap<>());
        return entries.computeIfAbsent(
                id, i -> new Entry(i, option, false, new LinkedHashMap<>(), new LinkedHashMap<>()));
    }

    /** Sets a key as an option says; where a file says otherwise, that is noted. */
    void set(Entry entry, String key, Object value, String option) throws Exit {
        Object typed = typed(entry.pid(), key, value, option);
        Object before = entry.values.put(key, typed);
        entry.options.put(key, option);
        settings.computeIfAbsent(entry.id, i -> new LinkedHashMap<>()).put(key, typed);
        String wasThere = before == null || !entry.fromFile ? "" : Attribute.text(before);
        if (!wasThere.isEmpty() && !wasThere.equals(Attribute.text(typed))) {
            notes.add("%s wins over %s = %s in %s for this run".formatted(option, key, wasThere, entry.source));
        }
    }

    private Object typed(String pid, String key, Object value, String option) throws Exit {
        Definition definition = definitions.find(pid)
                .orElseThrow(() -> new Exit(Exit.USAGE, option + ": this installation has no bundle for " + pid));
        Attribute attribute = definition.attribute(key).orElseThrow(() -> new Exit(
                Exit.USAGE, option + ": the installed bundle for " + pid + " has no setting \"" + key + "\""));
        try {
            return attribute.convert(value);
        } catch (IllegalArgumentException e) {
            throw new Exit(Exit.USAGE, option + ": " + e.getMessage());
        }
    }

    /** A value in force: set, or the default; an empty one is none. */
    Optional<String> value(Entry entry, String key) {
        Object value = entry.values.get(key);
        if (value != null) {
            return Optional.of(Attribute.text(value)).filter(text -> !text.isEmpty());
        }
        return definitions.find(entry.pid()).flatMap(d -> d.attribute(key)).map(Attribute::defaultText)
                .filter(text -> !text.isEmpty());
    }

    /** Leaves out all configurations with these PIDs. */
    void withhold(List<String> pids) {
        entries.values().removeIf(entry -> pids.contains(entry.pid()));
        settings.keySet().removeIf(id -> pids.contains(ConfigurationFile.pid(id)));
    }

    void note(String text) {
        notes.add(text);
    }

    List<String> notes() {
        return notes;
    }

    /** Complains about what options made and left incomplete. */
    void check(Checker checker) throws Exit {
        for (Entry entry : entries.values()) {
            if (!entry.fromFile) {
                var problems = checker.check(entry.source, entry.pid(), entry.values).problems();
                if (!problems.isEmpty()) {
                    throw new Exit(Exit.USAGE, problems.get(0).toString());
                }
            }
        }
    }

    /** The settings in the form of the run file. */
    Map<String, Map<String, Object>> settings() {
        return settings;
    }

    List<String> expected() {
        return entries.keySet().stream().toList();
    }

    /** Makes the file names among a configuration's values whole, beginning at the caller's directory. */
    static Object absolute(Attribute attribute, Object value, Path directory) {
        return attribute.isPath() && value instanceof String text && !text.isEmpty()
                ? directory.resolve(text).normalize().toString()
                : value;
    }
}
