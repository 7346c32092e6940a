package org.example.listevents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Adds a line to a table for each event: sequence, IVOID, right ascension and declination. */
@Component(name = "org.example.listevents", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ListEvents.Config.class, factory = true)
public class ListEvents implements BrokerEventHandler {

    @ObjectClassDefinition(name = "list-events", description = "Adds a line to a table for each event.")
    @interface Config {
        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "list-events";

        @AttributeDefinition(name = "Filter", required = false, description = "Only events that match are listed.")
        String handler_filter() default "";

        @AttributeDefinition(name = "File", description = "The table, with its full path.")
        String file();
    }

    private final Path file;

    @Activate
    public ListEvents(Config config) {
        file = Path.of(config.file());
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException {
        String position = event.header().position().map(p -> p.longitude() + "\t" + p.latitude()).orElse("\t");
        String line = event.sequence() + "\t" + event.header().identifier().orElse("") + "\t" + position + "\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return Outcome.DONE;
    }
}
