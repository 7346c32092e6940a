package org.bolide.launcher.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What commands there are, and the help for each, from the bundle that has them: a file for each command in
 * {@code OSGI-INF/bolide/commands}, the first line of which is for the list of all.
 */
public final class CommandHelp {

    private static final String FOLDER = "OSGI-INF/bolide/commands/";
    private static final String SUFFIX = ".txt";

    private final Map<String, String> texts = new TreeMap<>();

    /** @param home the installation */
    public CommandHelp(Path home) throws IOException {
        Path folder = home.resolve("system/org/bolide/org.bolide.shell");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                read(jar);
            }
        }
    }

    private void read(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(SUFFIX)) {
                    String name = entry.getName().substring(FOLDER.length(), entry.getName().length() - SUFFIX.length());
                    try (InputStream in = zip.getInputStream(entry)) {
                        texts.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    public boolean knows(String command) {
        return texts.containsKey(command);
    }

    public Collection<String> names() {
        return texts.keySet();
    }

    public Optional<String> of(String command) {
        return Optional.ofNullable(texts.get(command)).map(text -> text.split("\n", 2)[1]);
    }

    /** All commands, for the end of {@code bolide --help}; empty where there are none. */
    public String list() {
        if (texts.isEmpty()) {
            return "";
        }
        int width = texts.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder list = new StringBuilder("""

                Commands: bolide [--base=DIR] COMMAND, for the broker that runs there, or for its event
                log if none does. bolide COMMAND --help tells more of one.
                """);
        texts.forEach((name, text) ->
                list.append("  ").append(name).append(" ".repeat(width - name.length() + 2)).append(text.lines().findFirst().orElse("")).append('\n'));
        return list.toString();
    }
}
