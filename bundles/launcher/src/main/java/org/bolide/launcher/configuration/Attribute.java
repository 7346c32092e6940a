package org.bolide.launcher.configuration;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A key of a configuration as Metatype describes it (OSGi Compendium 7, section 105).
 *
 * @param id the key
 * @param name a title for people
 * @param description one sentence for people
 * @param type what a value is
 * @param list whether it takes several values
 * @param defaults the default's values, none if there is no default
 * @param required whether it must be given when it has no default
 * @param min the least value, where one is set
 * @param max the greatest value, where one is set
 * @param options the only values allowed; any if empty
 */
public record Attribute(
        String id,
        String name,
        String description,
        Type type,
        boolean list,
        List<String> defaults,
        boolean required,
        Optional<String> min,
        Optional<String> max,
        List<String> options) {

    /** What a value is. */
    public enum Type {
        STRING(String.class, "text"),
        PASSWORD(String.class, "text"),
        CHARACTER(Character.class, "one character"),
        BOOLEAN(Boolean.class, "true or false"),
        BYTE(Byte.class, "a whole number"),
        SHORT(Short.class, "a whole number"),
        INTEGER(Integer.class, "a whole number"),
        LONG(Long.class, "a whole number"),
        FLOAT(Float.class, "a number"),
        DOUBLE(Double.class, "a number");

        private final Class<?> javaType;
        private final String words;

        Type(Class<?> javaType, String words) {
            this.javaType = javaType;
            this.words = words;
        }

        static Type named(String metatypeName) {
            return "Char".equals(metatypeName) ? CHARACTER : valueOf(metatypeName.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Makes a value what its type says: a text from a {@code .cfg} file, a number or list from JSON.
     *
     * @return a {@code String}, {@code Integer}, … or an array of them
     * @throws IllegalArgumentException with the rest of a sentence that begins with the key: "must be …"
     */
    public Object convert(Object value) {
        List<Object> values = elements(value);
        if (!list) {
            if (value instanceof Collection || value.getClass().isArray()) {
                throw new IllegalArgumentException("must be " + allowed() + ", not a list");
            }
            return one(value);
        }
        Object array = Array.newInstance(type.javaType, values.size());
        IntStream.range(0, values.size()).forEach(i -> Array.set(array, i, one(values.get(i))));
        return array;
    }

    /** What may stand there, for people: "a whole number from 0 to 65535". */
    public String allowed() {
        String one;
        if (!options.isEmpty()) {
            one = options.size() == 1
                    ? options.get(0)
                    : String.join(", ", options.subList(0, options.size() - 1)) + " or " + options.get(options.size() - 1);
        } else if (min.isPresent() && max.isPresent()) {
            one = type.words + " from " + min.get() + " to " + max.get();
        } else if (min.isPresent()) {
            one = type.words + ", at least " + min.get();
        } else {
            one = type.words + max.map(m -> ", at most " + m).orElse("");
        }
        return list ? "a list, each " + one : one;
    }

    /** The default as a person would write it; empty if there is none or it is empty. */
    public String defaultText() {
        return String.join(", ", defaults);
    }

    /** Whether values are file names, which begin at the caller's directory when they come from the command line. */
    public boolean isPath() {
        String lower = id.toLowerCase(Locale.ROOT);
        return type == Type.STRING && (lower.endsWith("directory") || lower.endsWith("file") || lower.endsWith("path"));
    }

    private static List<Object> elements(Object value) {
        if (value instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        if (value.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(value)).mapToObj(i -> Array.get(value, i)).toList();
        }
        return List.of(value);
    }

    private Object one(Object value) {
        String text = value.toString().strip();
        if (!options.isEmpty() && !options.contains(text)) {
            throw wrong(value);
        }
        try {
            Object converted = switch (type) {
                case STRING, PASSWORD -> value.toString();
                case CHARACTER -> {
                    if (value.toString().length() != 1) {
                        throw wrong(value);
                    }
                    yield value.toString().charAt(0);
                }
                case BOOLEAN -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw wrong(value);
                };
                case BYTE -> Byte.valueOf(text);
                case SHORT -> Short.valueOf(text);
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case FLOAT -> Float.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
            };
            if (converted instanceof Number number && outside(number)) {
                throw wrong(value);
            }
            return converted;
        } catch (NumberFormatException e) {
            throw wrong(value);
        }
    }

    private boolean outside(Number number) {
        return min.filter(m -> number.doubleValue() < Double.parseDouble(m)).isPresent()
                || max.filter(m -> number.doubleValue() > Double.parseDouble(m)).isPresent();
    }

    private IllegalArgumentException wrong(Object value) {
        String shown = type == Type.PASSWORD ? "this value" : "\"" + value + "\"";
        return new IllegalArgumentException("must be " + allowed() + ", not " + shown);
    }

    /** A value as a person would write it. */
    public static String text(Object value) {
        return elements(value).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    static boolean same(Object a, Object b) {
        return Arrays.deepEquals(new Object[] {a}, new Object[] {b});
    }
}
