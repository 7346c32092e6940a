package ${package};

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

/** Adds a line to a table for each event. Put what your handler does in its place. */
@Component(name = "${package}", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ${className}.Config.class, factory = true)
public final class ${className} implements BrokerEventHandler {

    /** Each attribute is a key of the configuration file and an option of the command line; its description is the help. */
    @ObjectClassDefinition(name = "${artifactId}", description = "Adds a line to a table for each event.")
    @interface Config {

        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "${artifactId}";

        @AttributeDefinition(name = "Filter", required = false, description = "Only events that match this filter come; all if empty.")
        String handler_filter() default "";

        @AttributeDefinition(name = "File", description = "The table, with its full path.")
        String file();

        @AttributeDefinition(name = "Tests", description = "Whether events of role test are listed, too.")
        boolean tests() default true;
    }

    private final Path file;
    private final boolean tests;

    @Activate
    public ${className}(Config config) {
        this(Path.of(config.file()), config.tests());
    }

    /** For tests. */
    ${className}(Path file, boolean tests) {
        this.file = file;
        this.tests = tests;
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException {
        if (!tests && event.header().role().filter("test"::equals).isPresent()) {
            return Outcome.DISCARD;
        }
        String position = event.header().position().map(p -> p.longitude() + "\t" + p.latitude()).orElse("\t");
        String line = event.sequence() + "\t" + event.header().identifier().orElse("") + "\t" + position + "\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return Outcome.DONE; // an exception instead: the event comes again
    }
}
