package org.bolide.web.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import org.bolide.web.http.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The remote brokers that filters of the page name: for each a configuration file in {@code etc}, where an operator sees it. A broker
 * that an operator subscribes to gets none. Files that the page has not written are never touched. For one thread at a time.
 */
final class RemoteSubscriptions {

    /** What is configured by such a file. */
    static final String FACTORY = "org.bolide.transport.subscription";
    /** How the names of our configurations begin. */
    static final String NAME_PREFIX = "page-";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSubscriptions.class);
    private static final String FILE_PREFIX = FACTORY + "~" + NAME_PREFIX;
    private static final String FILE_SUFFIX = ".cfg.json";
    /** What a Bolide takes over one connection. */
    private static final int MAX_FILTERS = 100;
    private static final int MAX_CHARACTERS = 65_536;
    private static final String MARK = "// Written by the page: its filters ";

    private final Path etc;
    private final Supplier<Set<RemoteBroker>> operators;

    /** @param operators the remote brokers that an operator subscribes to just now */
    RemoteSubscriptions(Path etc, Supplier<Set<RemoteBroker>> operators) {
        this.etc = etc;
        this.operators = operators;
    }

    /**
     * Makes the files be those that these filters need, no more and no fewer.
     *
     * @throws IOException if one cannot be written or removed
     */
    void provideFor(Collection<PageFilter> filters) throws IOException {
        Map<RemoteBroker, List<PageFilter>> wanted = filters.stream().filter(filter -> filter.takenAway().isEmpty() && filter.remote().isPresent())
                .collect(Collectors.groupingBy(filter -> filter.remote().orElseThrow(), TreeMap::new, Collectors.toList()));
        List<Path> written = written();
        if (wanted.isEmpty() && written.isEmpty()) {
            return;
        }
        wanted.keySet().removeAll(operators.get());
        Map<Path, String> files = new TreeMap<>();
        wanted.forEach((remote, its) -> files.put(etc.resolve(FILE_PREFIX + remote.slug() + FILE_SUFFIX), content(remote, its)));
        for (Map.Entry<Path, String> file : files.entrySet()) {
            write(file.getKey(), file.getValue());
        }
        for (Path old : written) {
            if (!files.containsKey(old)) {
                Files.deleteIfExists(old);
                LOG.info("No filter of the page needs {} any more; it is removed", old.getFileName());
            }
        }
    }

    private static void write(Path file, String content) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(content)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling("." + file.getFileName() + ".new"); // no configuration file by its name
        Files.writeString(draft, content);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LOG.info("{} is written for filters of the page", file.getFileName());
    }

    /** The files that the page has written. */
    private List<Path> written() throws IOException {
        if (!Files.isDirectory(etc)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(etc)) {
            return files.filter(file -> file.getFileName().toString().startsWith(FILE_PREFIX)
                    && file.getFileName().toString().endsWith(FILE_SUFFIX) && isMarked(file)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isMarked(Path file) {
        try {
            byte[] mark = MARK.getBytes(StandardCharsets.UTF_8);
            try (var in = Files.newInputStream(file)) {
                return Arrays.equals(in.readNBytes(mark.length), mark);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The filters are passed on; if one is in a language that not every broker knows, or they are too many, all events are taken. */
    private static String content(RemoteBroker remote, List<PageFilter> filters) {
        String names = filters.stream().map(PageFilter::name).sorted().collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder(MARK).append(names).append(" name this broker.\n")
                .append("// It is removed with the last of them, and what is edited here is overwritten.\n{\n  \"host\": ")
                .append(Json.text(new JsonPrimitive(remote.host()))).append(",\n  \"port\": ").append(remote.port());
        Set<String> distinct = filters.stream().map(PageFilter::text).collect(Collectors.toCollection(TreeSet::new));
        boolean isKnownThere = filters.stream().allMatch(filter -> filter.language().equals("xpath"));
        if (isKnownThere && distinct.size() <= MAX_FILTERS && distinct.stream().mapToInt(String::length).sum() <= MAX_CHARACTERS) {
            JsonArray texts = new JsonArray();
            distinct.forEach(texts::add);
            text.append(",\n  \"filters\": ").append(Json.text(texts));
        }
        return text.append("\n}\n").toString();
    }
}
