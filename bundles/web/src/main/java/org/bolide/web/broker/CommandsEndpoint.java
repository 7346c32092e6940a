package org.bolide.web.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import javax.servlet.Servlet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.management.CommandLine;
import org.bolide.api.management.CommandLine.Answer;
import org.bolide.api.management.CommandLine.Caller;
import org.bolide.web.http.Endpoint;
import org.bolide.web.http.Exchange;
import org.bolide.web.http.Refusal;
import org.bolide.web.http.Route;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What the commands show with {@code --json}, and those acts that the page offers. */
@Component(service = {Servlet.class, Endpoint.class}, property = {
        Endpoint.NAME + "broker",
        Endpoint.PATTERN + Endpoint.BASE + "/status",
        Endpoint.PATTERN + Endpoint.BASE + "/clients",
        Endpoint.PATTERN + Endpoint.BASE + "/remotes",
        Endpoint.PATTERN + Endpoint.BASE + "/handlers",
        Endpoint.PATTERN + Endpoint.BASE + "/refusals",
        Endpoint.PATTERN + Endpoint.BASE + "/streams",
        Endpoint.PATTERN + Endpoint.BASE + "/dead-letters",
        Endpoint.PATTERN + Endpoint.BASE + "/rules",
        Endpoint.PATTERN + Endpoint.BASE + "/commands",
        Endpoint.CONTEXT})
public final class CommandsEndpoint extends Endpoint {

    private static final String FRONT_END = "the page";

    /** The path, and the command that it stands for. */
    private static final Map<String, List<String>> SHOWN = new LinkedHashMap<>();
    /** Commands with their next word; without any where there is none. */
    private static final Map<String, Set<String>> ACTS = Map.of(
            "handlers", Set.of("pause", "resume", "skip", "rewind"),
            "clients", Set.of("close", "ban", "unban"),
            "dead-letters", Set.of("retry", "drop"),
            "streams", Set.of("forget"),
            "test-event", Set.of());
    private static final int MAX_WORDS = 20;

    static {
        SHOWN.put("/status", List.of("status"));
        SHOWN.put("/clients", List.of("clients"));
        SHOWN.put("/remotes", List.of("remotes"));
        SHOWN.put("/handlers", List.of("handlers"));
        SHOWN.put("/refusals", List.of("events", "refused"));
        SHOWN.put("/streams", List.of("streams"));
        SHOWN.put("/dead-letters", List.of("dead-letters"));
        SHOWN.put("/rules", List.of("rules"));
    }

    private final Supplier<Optional<CommandLine>> commands;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile CommandLine commandLine;

    @Activate
    public CommandsEndpoint() {
        commands = () -> Optional.ofNullable(commandLine);
        add();
    }

    CommandsEndpoint(CommandLine commandLine) {
        commands = () -> Optional.of(commandLine);
        add();
    }

    private void add() {
        SHOWN.forEach((path, words) -> route(Route.get(path, Access.LOOK, exchange -> show(exchange, words))));
        route(Route.post("/commands", Access.CHANGE, this::act));
    }

    private CommandLine commands() throws Refusal {
        return commands.get().orElseThrow(() -> new Refusal(503, "the bundle with the commands, org.bolide.shell, does not run"));
    }

    private void show(Exchange exchange, List<String> command) throws IOException, Refusal, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.add("--json");
        Answer answer = commands().run(words, new Caller(exchange.visitor().name(), FRONT_END, false));
        if (!answer.refusal().isEmpty()) {
            throw new Refusal(503, answer.refusal());
        }
        exchange.answer(JsonParser.parseString(answer.text()));
    }

    private void act(Exchange exchange) throws IOException, Refusal, InterruptedException {
        List<String> words = words(exchange.json());
        Set<String> next = words.isEmpty() ? null : ACTS.get(words.get(0));
        if (next == null || !next.isEmpty() && (words.size() < 2 || !next.contains(words.get(1)))) {
            throw new Refusal(400, "the page gives only these commands: handlers pause, resume, skip and rewind; clients close, ban and unban;"
                    + " dead-letters retry and drop; streams forget; test-event");
        }
        Answer answer = commands().run(words, new Caller(exchange.visitor().name(), FRONT_END, exchange.visitor().mayChange()));
        JsonObject json = new JsonObject();
        json.addProperty("status", answer.status());
        json.addProperty("text", answer.refusal().isEmpty() ? answer.text() : answer.refusal());
        exchange.answer(json);
    }

    private static List<String> words(JsonObject asked) throws Refusal {
        List<String> words = new ArrayList<>();
        if (asked.get("words") instanceof JsonArray array && array.size() <= MAX_WORDS) {
            for (JsonElement word : array) {
                if (word.isJsonPrimitive()) {
                    words.add(word.getAsString());
                }
            }
            if (words.size() == array.size()) {
                return words;
            }
        }
        throw new Refusal(400, "\"words\" must be a list of up to " + MAX_WORDS + " texts, such as [\"handlers\", \"pause\", \"save-event\"]");
    }
}
