package org.bolide.web;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.web.http.Endpoint;
import org.bolide.web.http.Route;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The description of the API describes all routes of all components of this bundle, and nothing else. */
class OpenApiTest {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

    private final JsonObject document = document();

    private static JsonObject document() {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/OSGI-INF/bolide/openapi.json")) {
            return JsonParser.parseString(new String(in.readAllBytes(), UTF_8)).getAsJsonObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those of the bundle's components that are endpoints, made without what they need: only their routes are looked at. */
    private static List<Endpoint> endpoints() throws ReflectiveOperationException, IOException, URISyntaxException {
        List<Endpoint> endpoints = new ArrayList<>();
        URL components = Endpoint.class.getResource("/OSGI-INF/org.bolide.web.http.SessionEndpoint.xml");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(components.toURI()).getParent(), "*.xml")) {
            for (Path file : files) {
                Matcher implementation = Pattern.compile("<implementation class=\"([^\"]+)\"").matcher(Files.readString(file));
                assertTrue(implementation.find(), file.toString());
                Class<?> type = Class.forName(implementation.group(1));
                if (Endpoint.class.isAssignableFrom(type)) {
                    endpoints.add(bare(type));
                }
            }
        }
        return endpoints;
    }

    /** By that of its constructors which only keeps what it is given. */
    private static Endpoint bare(Class<?> type) throws ReflectiveOperationException {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            constructor.setAccessible(true);
            try {
                return (Endpoint) constructor.newInstance(new Object[constructor.getParameterCount()]);
            } catch (InvocationTargetException e) {
                assertEquals(NullPointerException.class, e.getCause().getClass(), type.getName());
            }
        }
        throw new NoSuchMethodException(type + " has no constructor that only keeps what it is given");
    }

    private Map<String, JsonObject> described() {
        Map<String, JsonObject> operations = new TreeMap<>();
        document.getAsJsonObject("paths").entrySet().forEach(path -> path.getValue().getAsJsonObject().entrySet().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> operations.put(method.getKey() + " " + path.getKey(), method.getValue().getAsJsonObject())));
        return operations;
    }

    @Test
    void shouldDescribeTheRoutesThereAreWithTheirParametersAndWhoMay() throws Exception {
        Map<String, String> there = new TreeMap<>();
        for (Endpoint endpoint : endpoints()) {
            for (Route route : endpoint.routes()) {
                there.put(route.method().toLowerCase(Locale.ROOT) + " " + route.path(),
                        route.access().name().toLowerCase(Locale.ROOT) + " " + new TreeSet<>(route.parameters()));
            }
        }
        Map<String, String> described = new TreeMap<>();
        described().forEach((name, operation) -> described.put(name, operation.get("x-access").getAsString() + " " + parameters(operation, "query")));

        assertEquals(lines(there), lines(described));
        assertTrue(there.size() > 20, there.toString());
    }

    private static String lines(Map<String, String> map) {
        return String.join("\n", map.entrySet().stream().map(Object::toString).toList());
    }

    private static Set<String> parameters(JsonObject operation, String place) {
        Set<String> names = new TreeSet<>();
        if (operation.get("parameters") instanceof JsonArray parameters) {
            parameters.forEach(parameter -> {
                if (parameter.getAsJsonObject().get("in").getAsString().equals(place)) {
                    names.add(parameter.getAsJsonObject().get("name").getAsString());
                }
            });
        }
        return names;
    }

    @Test
    void shouldDescribeWhatStandsInBraces() {
        described().forEach((name, operation) -> {
            Set<String> braces = new TreeSet<>();
            Matcher brace = Pattern.compile("\\{(\\w+)}").matcher(name);
            while (brace.find()) {
                braces.add(brace.group(1));
            }
            assertEquals(braces, parameters(operation, "path"), name);
        });
    }

    @Test
    void shouldReferOnlyToWhatThereIsAndToAllOfIt() {
        Set<String> referred = new TreeSet<>();
        references(document, referred);
        Set<String> there = new TreeSet<>();
        for (String kind : List.of("schemas", "responses")) {
            document.getAsJsonObject("components").getAsJsonObject(kind).keySet().forEach(name -> there.add("#/components/" + kind + "/" + name));
        }
        assertEquals(there, referred);
    }

    private static void references(JsonElement element, Set<String> found) {
        if (element instanceof JsonObject object) {
            object.entrySet().forEach(entry -> {
                if (entry.getKey().equals("$ref")) {
                    found.add(entry.getValue().getAsString());
                } else {
                    references(entry.getValue(), found);
                }
            });
        } else if (element instanceof JsonArray array) {
            array.forEach(item -> references(item, found));
        }
    }

    @Test
    void shouldSayOfEachOperationWhatItDoesAndAnswers() {
        described().forEach((name, operation) -> {
            assertFalse(operation.get("summary").getAsString().isBlank(), name);
            assertTrue(operation.getAsJsonObject("responses").keySet().stream().anyMatch(status -> status.startsWith("2")), name);
            boolean needsLogin = !operation.get("x-access").getAsString().equals("open");
            assertEquals(needsLogin, operation.has("security"), name);
            if (needsLogin) {
                assertTrue(operation.getAsJsonObject("responses").has("401"), name);
            }
        });
    }
}
