package org.bolide.vocabulary.xml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import javax.xml.namespace.QName;
import javax.xml.validation.Schema;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which version of each XSD file is in force: the newest with which all of them together are a schema. A broken
 * file is left as it was before, and the others go on. For one thread at a time.
 */
final class SchemaKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaKeeper.class);

    private final String name;
    private final Set<QName> roots;
    private final boolean envelope;
    private final Function<Path, String> show;
    private final Map<Path, String> said = new HashMap<>();
    private final LongAdder refused;
    private SortedMap<Path, Xsd> inForce;

    /**
     * @param name of the vocabulary, for people
     * @param before what was in force, where the same files had been watched before
     * @param show a file's name for people
     * @param refused counts the versions of files that are not taken
     */
    SchemaKeeper(String name, Settings settings, SortedMap<Path, Xsd> before, Function<Path, String> show, LongAdder refused) {
        this.name = name;
        roots = settings.roots();
        envelope = settings.envelope();
        inForce = before;
        this.show = show;
        this.refused = refused;
    }

    SortedMap<Path, Xsd> inForce() {
        return inForce;
    }

    /** Takes of what the files hold now what can be taken, and says in the log what that is. Empty if there is no schema. */
    Optional<Schema> take(SchemaFiles.Contents now) {
        SortedMap<Path, Xsd> candidates = new TreeMap<>(now.files());
        SortedMap<Path, String> broken = new TreeMap<>(now.broken());
        broken.keySet().forEach(path -> giveUp(path, candidates));
        Optional<Schema> schema = Optional.empty();
        SchemaSet set = set(candidates);
        while (!candidates.isEmpty() && (schema = set.compile()).isEmpty()) {
            SortedMap<Path, String> faults = set.faults();
            boolean progress = false;
            for (Path path : faults.keySet()) {
                boolean isNew = candidates.containsKey(path) && !candidates.get(path).isSameAs(inForce.get(path));
                if (isNew) {
                    giveUp(path, candidates);
                    progress = true;
                }
            }
            faults.forEach(broken::putIfAbsent);
            if (!progress) {
                // What is at fault was good before: it does not go with what is new, or needs what was removed.
                if (candidates.equals(inForce)) {
                    throw new IllegalStateException("schemas that were in force no longer compile: " + faults);
                }
                candidates.clear();
                candidates.putAll(inForce);
            }
            set = set(candidates);
        }
        say(broken, candidates, set, schema.isPresent());
        inForce = candidates;
        return schema;
    }

    private SchemaSet set(SortedMap<Path, Xsd> files) {
        return new SchemaSet(files, envelope ? roots : Set.of());
    }

    private void giveUp(Path path, SortedMap<Path, Xsd> candidates) {
        if (inForce.containsKey(path)) {
            candidates.put(path, inForce.get(path));
        } else {
            candidates.remove(path);
        }
    }

    private void say(SortedMap<Path, String> broken, SortedMap<Path, Xsd> taken, SchemaSet set, boolean hasSchema) {
        said.keySet().retainAll(broken.keySet());
        broken.forEach((path, why) -> {
            if (!why.equals(said.put(path, why))) {
                refused.increment();
                LOG.error("{}: {}{} ({})", name, path.toString().isEmpty() ? "" : show.apply(path) + ": ", why,
                        taken.containsKey(path) ? "refused; its last good version stays in force"
                                : path.toString().isEmpty() && !taken.isEmpty() ? "what was in force stays in force"
                                : "refused; nothing of it is in force");
            }
        });
        List<String> changes = changes(taken);
        if (!changes.isEmpty()) {
            LOG.info("{}: {}{} in force{}", name, inForce.isEmpty() ? "" : String.join(", ", changes) + "; ",
                    taken.size() == 1 ? "1 schema file is" : taken.size() + " schema files are",
                    envelope ? ", events may hold " + set.types().stream().map(QName::getLocalPart).toList() : "");
        }
        if (!hasSchema) {
            LOG.warn("{}: no schema is in force; until there is one, events of authors are refused", name);
        } else if (!set.roots().containsAll(roots)) {
            Set<QName> undeclared = new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
            undeclared.addAll(roots);
            undeclared.removeAll(set.roots());
            LOG.warn("{}: no schema declares the root element {}: events with it have a fault, and those of authors are refused",
                    name, undeclared);
        }
    }

    private List<String> changes(SortedMap<Path, Xsd> taken) {
        List<String> changes = new ArrayList<>();
        taken.forEach((path, file) -> {
            if (!file.isSameAs(inForce.get(path))) {
                changes.add(show.apply(path) + (inForce.containsKey(path) ? " is changed" : " is new"));
            }
        });
        inForce.keySet().stream().filter(path -> !taken.containsKey(path)).forEach(path -> changes.add(show.apply(path) + " is gone"));
        return changes;
    }
}
