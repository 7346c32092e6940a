package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;

/** One event, whole: what its header says, who brought it, what cites it, to whom it went, and its XML. */
final class EventSheet {

    private static final Pattern ENCODING = Pattern.compile("^\\s*<\\?xml[^>]*?encoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");
    private static final int PROLOG = 200;
    private static final int MAX_NAMED = 5;
    private static final int MAX_CITING = 1000;

    /** An event that cites the one that is shown. */
    private record Citing(long sequence, Optional<String> identifier, String relation) {}

    private static final Listing<Citing> CITING = new Listing<Citing>()
            .json("sequence", Citing::sequence)
            .json("identifier", Citing::identifier)
            .json("relation", Citing::relation);

    private final Services services;
    private final EventLog log;

    EventSheet(Services services) throws Refusal {
        this.services = services;
        log = services.need(EventLog.class);
    }

    void show(Call call) throws Refusal {
        BrokerEvent event = NamedEvent.find(call.operand(0), log);
        byte[] bytes = bytes(event);
        if (call.has("--xml") && !call.wantsJson()) {
            call.out().write(bytes, 0, bytes.length);
            call.out().flush();
        } else if (call.wantsJson()) {
            JsonObject object = EventsCommand.forScripts().json(List.of(event)).get(0).getAsJsonObject();
            object.add("citedBy", CITING.json(citing(event, MAX_CITING)));
            new DeliverySheet(event, services, log).json(object);
            object.addProperty("xml", text(bytes));
            call.show(object);
        } else {
            print(event, call);
            new DeliverySheet(event, services, log).print(call.out());
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
        label = "Cited by";
        List<Citing> citing = citing(event, MAX_NAMED + 1);
        for (Citing each : citing.subList(0, Math.min(MAX_NAMED, citing.size()))) {
            sheet.line(label, each.identifier().orElse("-") + " (event " + each.sequence() + (each.relation().isEmpty() ? "" : ", " + each.relation()) + ")");
            label = "";
        }
        if (citing.size() > MAX_NAMED) {
            sheet.line(label, "and " + Screen.number(log.count(citing(header.identifier().orElseThrow())) - MAX_NAMED) + " more; --json shows them");
        }
        label = "Faults";
        for (String fault : event.faults()) {
            sheet.line(label, fault);
            label = "";
        }
    }

    private static EventQuery citing(String identifier) {
        return EventQuery.all().and(new EventQuery.CitingOne(Set.of(identifier)));
    }

    /** The newest events that cite it. */
    private List<Citing> citing(BrokerEvent event, int most) {
        Optional<String> identifier = event.header().identifier();
        return identifier.map(name -> log.list(citing(name), EventSummary.Order.SEQUENCE, true, 0, most)).orElse(List.of()).stream()
                .map(summary -> new Citing(summary.sequence(), summary.header().identifier(), summary.header().citations().stream()
                        .filter(citation -> citation.identifier().equals(identifier.orElseThrow())).map(Citation::relation).findFirst().orElse("")))
                .toList();
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
