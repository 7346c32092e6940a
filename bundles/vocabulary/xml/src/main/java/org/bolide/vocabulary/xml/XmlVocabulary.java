package org.bolide.vocabulary.xml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import javax.xml.validation.Schema;

import org.bolide.api.DetachedEvent;
import org.bolide.api.FilterLanguage;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vocabulary as one configuration describes it. Its schema is replaced as a whole, while other threads read: each
 * document is checked by the one that was in force when its reading began. Parsers and validators cost more to make than
 * to run, so they are kept and used again, as many as there are threads that read at once.
 */
final class XmlVocabulary {

    private static final Logger LOG = LoggerFactory.getLogger(XmlVocabulary.class);
    /** A parser that has read a longer document holds on to large buffers and is not kept. */
    private static final int KEPT_BYTES = 1 << 20;
    private static final List<String> NO_SCHEMA =
            List.of("No schema of this vocabulary is in force, so that the event cannot be checked; the broker's log says why.");

    /** One state of the schema, with the parsers made for it. */
    private record Rules(boolean lacking, Optional<Schema> schema, Queue<EventParser> idle) {
    }

    private final String name;
    private final Settings settings;
    private final SchemaFiles files;
    private final SchemaKeeper keeper;
    private final Function<Path, String> show;
    private volatile Rules rules;
    private volatile HeaderPaths paths;
    private FilterLanguage used;
    private SortedMap<Path, SchemaFiles.Stamp> seen = new TreeMap<>();
    private SortedMap<Path, SchemaFiles.Stamp> taken = new TreeMap<>();
    private List<Path> missing = List.of();
    private String trouble = "";

    /**
     * Without its schemas and the language of its expressions: {@link #use}, then {@link #load}.
     *
     * @param before what this one replaces
     * @param base where the paths that people see begin
     * @param refused counts the versions of schema files that are not taken
     */
    XmlVocabulary(String name, Settings settings, Optional<XmlVocabulary> before, Path base, LongAdder refused) {
        this.name = name;
        this.settings = settings;
        files = new SchemaFiles(settings.schemas());
        show = path -> path.startsWith(base) ? base.relativize(path).toString() : path.toString();
        SortedMap<Path, Xsd> known = before.filter(other -> other.settings.schemas().equals(settings.schemas())
                && other.settings.roots().equals(settings.roots()) && other.settings.envelope() == settings.envelope())
                .map(XmlVocabulary::inForce).orElseGet(TreeMap::new);
        keeper = new SchemaKeeper(name, settings, known, show, refused);
        rules = new Rules(!settings.schemas().isEmpty(), Optional.empty(), new ConcurrentLinkedQueue<>());
    }

    /** Reads the schemas that are there. */
    void load() {
        if (!settings.schemas().isEmpty()) {
            look(true);
        }
    }

    Settings settings() {
        return settings;
    }

    /**
     * Takes the language of the expressions. By one thread at a time.
     *
     * @param language null while there is none: then nothing can be read, unless there are no expressions
     * @throws IllegalArgumentException if an expression has a mistake
     */
    void use(FilterLanguage language) {
        if (paths != null && language == used) {
            return;
        }
        used = language;
        paths = null;
        if (language != null || settings.expressions().isEmpty()) {
            paths = new HeaderPaths(settings, language);
        }
    }

    boolean isReady() {
        return paths != null;
    }

    /** Called by any thread, by several at once. */
    Reading read(ByteBuffer content) throws MalformedEventException {
        HeaderPaths now = paths;
        if (now == null) {
            throw new IllegalStateException(name + ": the filter language of its expressions is not there just now");
        }
        Rules current = rules;
        EventParser parser = current.idle.poll();
        if (parser == null) {
            parser = new EventParser(settings.roots(), current.schema);
        }
        Reading bare = parser.read(content);
        // Not in a finally: a parser that has thrown is left to the garbage collector, whatever state it is in.
        if (content.remaining() <= KEPT_BYTES) {
            current.idle.add(parser);
        }
        if (current.lacking) {
            bare = new Reading(bare.header(), NO_SCHEMA);
        }
        return new Reading(now.read(bare.header().root(), new DetachedEvent(bare, content, name, Instant.EPOCH)), bare.faults());
    }

    private synchronized SortedMap<Path, Xsd> inForce() {
        return keeper.inForce();
    }

    /** Looks whether files have changed. A file counts when it looks the same twice: until then somebody may still be writing. */
    void look() {
        if (!settings.schemas().isEmpty()) {
            look(false);
        }
    }

    private synchronized void look(boolean first) {
        try {
            SortedMap<Path, SchemaFiles.Stamp> now = files.list();
            boolean isQuiet = now.equals(seen) || first;
            seen = now;
            sayMissing();
            if (!isQuiet || now.equals(taken) && !first) {
                return;
            }
            SchemaFiles.Contents contents = SchemaFiles.read(now.keySet());
            if (!first && !files.list().equals(now)) {
                return;
            }
            taken = now;
            Optional<Schema> schema = keeper.take(contents);
            rules = new Rules(schema.isEmpty(), schema, new ConcurrentLinkedQueue<>());
            trouble = "";
        } catch (IOException e) {
            if (!e.toString().equals(trouble)) {
                trouble = e.toString();
                LOG.error("{}: the folder of the schemas cannot be read: {} (what was in force stays in force)", name, trouble);
            }
        }
    }

    private void sayMissing() {
        List<Path> now = files.missing();
        now.stream().filter(path -> !missing.contains(path)).forEach(path -> LOG.warn(
                "{}: {}, which the key schemas in {} names, is not there; it is taken as soon as it is",
                name, show.apply(path), settings.file()));
        missing = now;
    }
}
