package org.bolide.shell.command;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.JsonElement;
import org.bolide.api.EventLog;
import org.bolide.api.Explanation;
import org.bolide.api.management.Filters;

/** {@code filter-explain}: why one event passes a filter or not. */
final class FilterExplainCommand implements Command {

    private static final Grammar GRAMMAR = Grammar.of("filter-explain",
            Form.shows("").option("--language", "LANGUAGE", Values.of("xpath", "xquery"))
                    .operand("the event's IVOID or sequence", Values.ANY).operand("the filter, in single quotes", Values.ANY));

    private final Services services;

    FilterExplainCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal {
        Filters filters = services.need(Filters.class);
        EventLog log = services.need(EventLog.class);
        long sequence = NamedEvent.sequence(call.operand(0), log);
        String text = call.operand(1);
        Optional<Explanation> explanation =
                WrongFilter.tried(text, () -> filters.explain(call.option("--language").orElse("xpath"), text, sequence));
        Explanation found = explanation.orElseThrow(() -> NamedEvent.missing(sequence, log));
        if (call.wantsJson()) {
            call.show(json(found));
        } else {
            print(found, "", call.out());
        }
        return 0;
    }

    private static JsonElement json(Explanation explanation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("expression", explanation.expression());
        fields.put("result", explanation.result());
        fields.put("parts", explanation.parts().stream().map(FilterExplainCommand::json).toList());
        return Json.of(fields);
    }

    private static void print(Explanation explanation, String indent, PrintStream out) {
        String expression = indent + Screen.line(explanation.expression());
        String result = "→ " + Screen.line(explanation.result());
        int together = Screen.width(expression) + 2 + Screen.width(result);
        if (together <= Screen.WIDTH || Screen.width(expression) <= Screen.WIDTH / 2) {
            out.println(Screen.cut(expression + "  " + result, Screen.WIDTH));
        } else {
            out.println(Screen.cut(expression, Screen.WIDTH));
            out.println(Screen.cut(indent + "    " + result, Screen.WIDTH));
        }
        List<Explanation> parts = explanation.parts();
        // A path of one step is the step.
        while (parts.size() == 1 && parts.get(0).expression().equals(explanation.expression())) {
            parts = parts.get(0).parts();
        }
        parts.forEach(part -> print(part, indent + "  ", out));
    }
}
