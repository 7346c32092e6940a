package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventLog;

/** One event, whole: what its header says, who brought it, and its XML. */
final class EventSheet {

    private static final Pattern ENCODING = Pattern.compile("^\\s*<\\?xml[^>]*?encoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");
    private static final int PROLOG = 200;
    private static final int MAX_NAMED = 5;

    private final EventLog log;

    EventSheet(EventLog log) {
        this.log = log;
    }

    void show(Call call) throws Refusal {
        BrokerEvent event = NamedEvent.find(call.operand(0), log);
        byte[] bytes = bytes(event);
        if (call.has("--xml") && !call.wantsJson()) {
            call.out().write(bytes, 0, bytes.length);
            call.out().flush();
        } else if (call.wantsJson()) {
            JsonObject object = EventsCommand.forScripts().json(List.of(event)).get(0).getAsJsonObject();
            object.addProperty("xml", text(bytes));
            call.show(object);
        } else {
            print(event, call);
            call.out().println();
            // Whoever shows it to people looks after the terminal; what is piped on is the author's.
            text(bytes).lines().forEach(line -> call.out().println(call.caller().isTerminal() ? Screen.line(line) : line));
        }
    }

    private void print(BrokerEvent event, Call call) {
        EventHeader header = event.header();
        Sheet sheet = new Sheet(call.out());
        sheet.line("Event", event.sequence() + ", received on " + EventsCommand.time(event.receivedAt()) + " from " + event.source());
        sheet.line("IVOID", header.identifier().orElse("-"));
        same(event).ifPresent(others -> sheet.line("", others));
        sheet.line("Role", header.role().orElse("-") + ", " + header.root().getLocalPart() + " of the namespace \""
                + header.root().getNamespaceURI() + "\", " + Screen.bytes(event.content().remaining()));
        sheet.line("Stream", header.stream());
        sheet.line("Author", header.author().orElse("-") + header.authoredAt().map(at -> ", on " + EventsCommand.time(at)).orElse(""));
        header.observedAt().ifPresent(at -> sheet.line("Observed", EventsCommand.time(at)));
        header.position().ifPresent(at -> sheet.line("Position", Sky.full(at)));
        String label = "Cites";
        for (Citation citation : header.citations()) {
            List<BrokerEvent> cited = log.withIdentifier(citation.identifier(), MAX_NAMED);
            sheet.line(label, (citation.relation().isEmpty() ? "" : citation.relation() + " of ") + citation.identifier()
                    + (cited.isEmpty() ? " (not in the log)" : " (event " + numbers(cited) + ")"));
            label = "";
        }
        label = "Faults";
        for (String fault : event.faults()) {
            sheet.line(label, fault);
            label = "";
        }
    }

    /** The other events of the same name: other renderings, or versions. */
    private Optional<String> same(BrokerEvent event) {
        List<BrokerEvent> others = event.header().identifier().map(name -> log.withIdentifier(name, MAX_NAMED + 1)).orElse(List.of()).stream()
                .filter(other -> other.sequence() != event.sequence()).limit(MAX_NAMED).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of("also the name of event " + numbers(others));
    }

    private static String numbers(List<BrokerEvent> events) {
        return events.stream().map(event -> Long.toString(event.sequence())).collect(Collectors.joining(", "));
    }

    private static byte[] bytes(BrokerEvent event) {
        ByteBuffer content = event.content();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    /** The characters (XML 1.0, appendix F): by the byte order mark, or else by the declaration. */
    private static String text(byte[] bytes) {
        Charset charset = StandardCharsets.UTF_8;
        if (bytes.length > 1 && (bytes[0] & 0xff) + (bytes[1] & 0xff) == 0xfe + 0xff) {
            charset = StandardCharsets.UTF_16;
        } else {
            Matcher declared = ENCODING.matcher(new String(bytes, 0, Math.min(PROLOG, bytes.length), StandardCharsets.ISO_8859_1));
            if (declared.find()) {
                try {
                    charset = Charset.forName(declared.group(1));
                } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                    charset = StandardCharsets.ISO_8859_1; // shows at least what is ASCII
                }
            }
        }
        String text = new String(bytes, charset);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
