package org.bolide.launcher.configuration;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import org.apache.felix.utils.properties.TypedProperties;

/**
 * A configuration file in {@code etc}. A PID's only configuration is {@code PID.cfg} (properties), one of a factory's is
 * {@code PID~name.cfg.json}.
 *
 * @param path the file
 * @param id the PID, for a factory's followed by {@code ~name}
 * @param values the keys and values as they stand there: texts from properties; texts, numbers, truth values and lists
 *     from JSON
 */
public record ConfigurationFile(Path path, String id, Map<String, Object> values) {

    private static final Pattern NAME = Pattern.compile(
            "(?<pid>[^-~]+?)(?<sign>[-~])?(?<name>(?<=[-~]).+?)?\\.(?<suffix>cfg\\.json|cfg|config|json)");

    /**
     * What a file's name says.
     *
     * @param pid the PID
     * @param sign {@code ~} or {@code -} before an instance's name, or empty
     * @param instance the instance's name, empty for a singleton
     * @param suffix the end of the name, without the first dot
     */
    public record Name(String pid, String sign, String instance, String suffix) {

        public String id() {
            return instance.isEmpty() ? pid : pid + "~" + instance;
        }

        /** Whether the form is one of the two that are read: {@code PID.cfg} and {@code PID~name.cfg.json}. */
        public boolean isProper() {
            return instance.isEmpty() ? sign.isEmpty() && suffix.equals("cfg") : sign.equals("~") && suffix.equals("cfg.json");
        }
    }

    /** What a file's name says; empty for one that is no configuration, such as an example. */
    public static Optional<Name> name(Path file) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String sign = matcher.group("sign") == null ? "" : matcher.group("sign");
        String name = matcher.group("name") == null ? "" : matcher.group("name");
        return Optional.of(new Name(matcher.group("pid"), sign, name, matcher.group("suffix")));
    }

    /** The PID without an instance's name. */
    public String pid() {
        return pid(id);
    }

    /** The PID without an instance's name. */
    public static String pid(String id) {
        int tilde = id.indexOf('~');
        return tilde < 0 ? id : id.substring(0, tilde);
    }

    /**
     * Reads a file.
     *
     * @param variables gives the value of a {@code ${name}} in a {@code .cfg} file, or null
     * @throws IOException if it cannot be read or its form is wrong; the text says where
     */
    public static ConfigurationFile read(Path file, UnaryOperator<String> variables) throws IOException {
        Name name = name(file).orElseThrow(() -> new IOException("is no configuration file"));
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            Map<String, Object> values = name.suffix.endsWith("json") ? json(reader) : properties(reader, variables);
            return new ConfigurationFile(file, name.id(), values);
        } catch (CharacterCodingException e) {
            throw new IOException("is not UTF-8", e);
        }
    }

    private static Map<String, Object> properties(Reader reader, UnaryOperator<String> variables) throws IOException {
        TypedProperties properties = new TypedProperties((name, key, variable) -> variables.apply(variable));
        try {
            properties.load(reader);
            return new LinkedHashMap<>(properties);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Map<String, Object> json(Reader reader) throws IOException {
        try (JsonReader json = new JsonReader(reader)) {
            json.setStrictness(Strictness.LENIENT); // for the comments
            Map<String, Object> values = new LinkedHashMap<>();
            json.beginObject();
            while (json.hasNext()) {
                String key = json.nextName();
                if (values.put(key, value(json)) != null) {
                    throw new IOException("has the key \"" + key + "\" twice");
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("goes on after the closing brace" + place(json));
            }
            return values;
        } catch (MalformedJsonException | EOFException | IllegalStateException e) {
            // The first line is "… at line 3 column 5 path $.port"; a second one refers to Gson's manual.
            throw new IOException("is not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
    }

    private static Object value(JsonReader json) throws IOException {
        return switch (json.peek()) {
            case STRING -> json.nextString();
            case BOOLEAN -> json.nextBoolean();
            case NUMBER -> number(json.nextString());
            case BEGIN_ARRAY -> {
                List<Object> list = new ArrayList<>();
                json.beginArray();
                while (json.hasNext()) {
                    list.add(value(json));
                }
                json.endArray();
                yield list;
            }
            case BEGIN_OBJECT -> throw new IOException("has an object inside an object" + place(json));
            default -> throw new IOException("lacks a value" + place(json));
        };
    }

    /** As the OSGi Configurator reads numbers: whole ones are {@code Long}, others {@code Double}. */
    private static Object number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return Double.valueOf(text);
        }
    }

    private static String place(JsonReader json) {
        return " at " + json.getPath();
    }
}
