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
 * @param errand for a run that is there for one command only
 */
public record RunFile(
        Map<String, Map<String, Object>> settings,
        List<String> notes,
        List<String> expected,
        Optional<Path> pidFile,
        Optional<Errand> errand) {

    /**
     * A run for one command: no ports and no handlers.
     *
     * @param withheld PIDs whose files do not count
     * @param process the command's; the run ends when that has
     */
    public record Errand(List<String> withheld, long process) {}

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
        private List<String> withheld;
        private Long commandProcess;
    }

    /** A run without options. */
    public static RunFile empty() {
        return new RunFile(Map.of(), List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    public void write(Path file) throws IOException {
        Form form = new Form();
        form.settings = settings;
        form.notes = notes;
        form.expected = expected;
        form.pidFile = pidFile.map(Path::toString).orElse(null);
        form.withheld = errand.map(Errand::withheld).orElse(null);
        form.commandProcess = errand.map(Errand::process).orElse(null);
        try (Writer writer = Files.newBufferedWriter(file)) {
            GSON.toJson(form, writer);
        }
    }

    public static RunFile read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Form form = GSON.fromJson(reader, Form.class);
            return new RunFile(form.settings, form.notes, form.expected, Optional.ofNullable(form.pidFile).map(Path::of),
                    Optional.ofNullable(form.commandProcess).map(process -> new Errand(form.withheld, process)));
        } catch (JsonParseException e) {
            throw new IOException(file + " is no run file: " + e.getMessage(), e);
        }
    }
}
