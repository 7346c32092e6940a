package org.bolide.handler.printevent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints the text of each event, as Comet's plug-in of the same name does: without the XML declaration, which would no
 * longer be true of the text, and with a line end after it.
 */
@Component(name = "org.bolide.handler.printevent", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PrintEvent.Config.class, factory = true)
public final class PrintEvent implements BrokerEventHandler {

    @ObjectClassDefinition(name = "print-event", description = "Prints each event.")
    @interface Config {

        @AttributeDefinition(name = "Name", description = "The handler's name; each handler of a broker needs its own.")
        String handler_name() default "print-event";

        @AttributeDefinition(name = "Filter", required = false,
                description = "Only events that match this filter are printed; all if empty.")
        String handler_filter() default "";

        @AttributeDefinition(name = "Filter language", description = "The language of the filter.")
        String handler_filter_language() default "xpath";

        @AttributeDefinition(name = "Start", options = {@Option("latest"), @Option("earliest")},
                description = "Where a handler with a new name begins: with the next event, or with the oldest in the log.")
        String handler_start() default "latest";

        @AttributeDefinition(name = "Output", options = {@Option("auto"), @Option("stdout"), @Option("log")},
                description = "Where events are printed; auto: to standard output in the foreground, else to the log.")
        String output() default "auto";
    }

    private static final Logger LOG = LoggerFactory.getLogger(PrintEvent.class);

    private final Optional<PrintStream> stdout;
    private final XMLInputFactory xml = XMLInputFactory.newDefaultFactory();

    @Activate
    public PrintEvent(BundleContext context, Config config) {
        this(toStdout(config.output(), Boolean.parseBoolean(context.getProperty("bolide.foreground")))
                ? Optional.of(System.out) : Optional.empty());
        LOG.info("{} prints to {}", config.handler_name(), stdout.isPresent() ? "standard output" : "the log");
    }

    PrintEvent(Optional<PrintStream> stdout) {
        this.stdout = stdout;
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    }

    static boolean toStdout(String output, boolean foreground) {
        return switch (output) {
            case "auto" -> foreground;
            case "stdout" -> true;
            case "log" -> false;
            default -> throw new IllegalArgumentException(
                    "output = " + output + " in org.bolide.handler.printevent: use auto, stdout or log");
        };
    }

    @Override
    public Outcome handle(BrokerEvent event) throws IOException, XMLStreamException {
        String text = text(event);
        if (stdout.isEmpty()) {
            // A payload in the log above DEBUG: to see it there is what this handler is configured for.
            LOG.info("id={} position={} source={}\n{}", event.header().identifier().orElse("-"), event.sequence(),
                    event.source(), text);
            return Outcome.DONE;
        }
        PrintStream out = stdout.get();
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8); // in one piece: others print here too
        out.write(line, 0, line.length);
        if (out.checkError()) {
            throw new IOException("Standard output is closed: start the broker again, or set output = log for print-event");
        }
        return Outcome.DONE;
    }

    private String text(BrokerEvent event) throws XMLStreamException {
        byte[] bytes = new byte[event.content().remaining()];
        event.content().get(bytes);
        String text = new String(bytes, encoding(bytes));
        int begin = text.startsWith("\uFEFF") ? 1 : 0;
        if (text.startsWith("<?xml ", begin)) {
            begin = text.indexOf("?>", begin) + 2;
        }
        return text.substring(begin).strip();
    }

    /** By byte order mark and XML declaration (XML 1.0, appendix F). */
    private Charset encoding(byte[] bytes) throws XMLStreamException {
        XMLStreamReader reader = xml.createXMLStreamReader(new ByteArrayInputStream(bytes));
        try {
            return Charset.forName(reader.getEncoding());
        } finally {
            reader.close();
        }
    }
}
