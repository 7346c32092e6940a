package org.bolide.web.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One method of one path of the API.
 *
 * @param path after {@link Endpoint#BASE}; a part in braces stands for any: {@code /events/{sequence}/content}
 * @param access who may
 * @param parameters the query's parameters that it knows; others are refused, for they are slips of the pen
 */
public record Route(String method, String path, Access access, Set<String> parameters, Work work) {

    /** Who may use a route. */
    public enum Access {
        /** Whoever reaches the port. */
        OPEN,
        /** {@link Visitor#mayLook()} */
        LOOK,
        /** {@link Visitor#mayRegister()} */
        REGISTER,
        /** {@link Visitor#mayChange()} */
        CHANGE
    }

    /** What a route does. On a thread of the HTTP server; may block. */
    @FunctionalInterface
    public interface Work {
        void answer(Exchange exchange) throws IOException, Refusal, InterruptedException;
    }

    public static Route get(String path, Access access, Work work, String... parameters) {
        return new Route("GET", path, access, Set.of(parameters), work);
    }

    public static Route post(String path, Access access, Work work) {
        return new Route("POST", path, access, Set.of(), work);
    }

    public static Route delete(String path, Access access, Work work) {
        return new Route("DELETE", path, access, Set.of(), work);
    }

    /** What the braces stand for in this path; empty if it is another path. */
    Optional<Map<String, String>> match(String asked) {
        List<String> here = Arrays.asList(path.split("/", -1));
        List<String> there = Arrays.asList(asked.split("/", -1));
        if (here.size() != there.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < here.size(); i++) {
            String part = here.get(i);
            if (part.startsWith("{")) {
                values.put(part.substring(1, part.length() - 1), there.get(i));
            } else if (!part.equals(there.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }
}
