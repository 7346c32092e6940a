package org.bolide.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} shows just now. */
record Scrape(String text) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    static Scrape of(int port) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(port, "/metrics");
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return new Scrape(answer.body());
    }

    /** The figure of a metric with these labels, as the text has them; NaN where there is none. */
    double value(String series) {
        Matcher line = Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(text);
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }

    /** The metrics' names and types. */
    Set<String> types() {
        Set<String> types = new TreeSet<>();
        Matcher type = Pattern.compile("(?m)^# TYPE (\\S+ \\S+)$").matcher(text);
        while (type.find()) {
            types.add(type.group(1));
        }
        return types;
    }
}
