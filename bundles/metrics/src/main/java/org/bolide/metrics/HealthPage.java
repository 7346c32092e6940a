package org.bolide.metrics;

import java.util.List;

import org.bolide.api.management.HealthCheck.Problem;

/** The text of {@code /health/…}: JSON with a line for each problem, so that a person can read it too. */
final class HealthPage {

    private HealthPage() {
    }

    static String of(String status, List<Problem> problems) {
        StringBuilder json = new StringBuilder("{\"status\": ").append(quoted(status)).append(", \"problems\": [");
        String separator = "\n  ";
        for (Problem problem : problems) {
            json.append(separator).append("{\"weight\": ").append(quoted(Health.word(problem.weight())))
                    .append(", \"subject\": ").append(quoted(problem.subject()))
                    .append(", \"text\": ").append(quoted(problem.text()));
            problem.since().ifPresent(since -> json.append(", \"since\": ").append(quoted(since.toString())));
            problem.command().ifPresent(command -> json.append(", \"command\": ").append(quoted("bolide " + command)));
            json.append('}');
            separator = ",\n  ";
        }
        return json.append(problems.isEmpty() ? "]}\n" : "\n]}\n").toString();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ' || Character.isSurrogate((char) c)) {
                json.append("\\u%04x".formatted(c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
