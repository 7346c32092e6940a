package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;

/** A handler that writes down what it gets: a line {@code version sequence ivoid} in the file that its configuration names. */
public final class Lines implements BrokerEventHandler {
    private Path file;
    private String version;

    /** Called by the component runtime. */
    public void activate(Map<String, Object> configuration) {
        file = Path.of((String) configuration.get("file"));
        version = (String) configuration.get("version");
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException {
        String line = version + " " + event.sequence() + " " + event.header().identifier().orElse("") + "\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return Outcome.DONE;
    }
}
