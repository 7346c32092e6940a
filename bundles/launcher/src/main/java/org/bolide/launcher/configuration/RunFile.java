package org.bolide.launcher.configuration;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.ToNumberPolicy;

/**
 * What the command line asks of one run. Written before Karaf starts, read inside it.
 *
 * @param settings by configuration ({@code PID} or {@code PID~name}): keys and values that win over those of the file
 *     with this configuration; where there is no file, the whole configuration
 * @param notes lines for the log, such as "--eventdb=/x wins over …"
 * @param expected the configurations that this start is to bring to life, from options and files
 * @param pidFile where the process's id is written while it runs
 */
public record RunFile(
        Map<String, Map<String, Object>> settings, List<String> notes, List<String> expected, Optional<Path> pidFile) {

    /** The run file's name in the environment. */
    public static final String VARIABLE = "BOLIDE_RUN_FILE";

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .create();

    /** The JSON form. */
    private static final class Form {
        private Map<String, Map<String, Object>> settings;
        private List<String> notes;
        private List<String> expected;
        private String pidFile;
    }

    /** A run without options. */
    public static RunFile empty() {
        return new RunFile(Map.of(), List.of(), List.of(), Optional.empty());
    }

    public void write(Path file) throws IOException {
        Form form = new Form();
        form.settings = settings;
        form.notes = notes;
        form.expected = expected;
        form.pidFile = pidFile.map(Path::toString).orElse(null);
        try (Writer writer = Files.newBufferedWriter(file)) {
            GSON.toJson(form, writer);
        }
    }

    public static RunFile read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Form form = GSON.fromJson(reader, Form.class);
            return new RunFile(form.settings, form.notes, form.expected, Optional.ofNullable(form.pidFile).map(Path::of));
        } catch (JsonParseException e) {
            throw new IOException(file + " is no run file: " + e.getMessage(), e);
        }
    }
}
