package org.bolide.shell.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/**
 * How things of one kind are listed: each column once, for people and for scripts. A value is a text, a number, a truth, an
 * {@link Instant}, a {@link Duration}, a collection of these, or an optional one; see {@link Json}.
 */
final class Listing<T> {

    private record Column<T>(String heading, String key, Function<T, ?> value, Function<T, String> shown) {}

    private final List<Column<T>> columns = new ArrayList<>();

    /** A column whose values are shown as those of their type are. */
    Listing<T> column(String heading, String key, Function<T, ?> value) {
        return column(heading, key, value, item -> shown(value.apply(item)));
    }

    /**
     * A column.
     *
     * @param heading as in {@link Table}; empty if people do not see the column
     * @param key for scripts; empty if those do not see the column
     * @param shown the text for people, that does nothing to a terminal
     */
    Listing<T> column(String heading, String key, Function<T, ?> value, Function<T, String> shown) {
        columns.add(new Column<>(heading, key, value, shown));
        return this;
    }

    /** Something for people only. */
    Listing<T> shown(String heading, Function<T, String> shown) {
        return column(heading, "", shown, shown);
    }

    /** Something for scripts only. */
    Listing<T> json(String key, Function<T, ?> value) {
        return column("", key, value, item -> "");
    }

    Table table(List<T> items) {
        List<Column<T>> seen = columns.stream().filter(column -> !column.heading().isEmpty()).toList();
        Table table = new Table(seen.stream().map(Column::heading).toArray(String[]::new));
        items.forEach(item -> table.row(seen.stream().map(column -> column.shown().apply(item)).toArray(String[]::new)));
        return table;
    }

    JsonArray json(List<T> items) {
        JsonArray array = new JsonArray();
        for (T item : items) {
            JsonObject object = new JsonObject();
            columns.stream().filter(column -> !column.key().isEmpty())
                    .forEach(column -> object.add(column.key(), Json.of(column.value().apply(item))));
            array.add(object);
        }
        return array;
    }

    /** A value for people. */
    static String shown(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Listing::shown).orElse("-");
        } else if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? shown(optional.getAsLong()) : "-";
        } else if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? shown(optional.getAsDouble()) : "-";
        } else if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%,.1f", number);
        } else if (value instanceof Number number) {
            return Screen.number(number.longValue());
        } else if (value instanceof Boolean truth) {
            return truth ? "yes" : "no";
        } else if (value instanceof Instant time) {
            return Screen.minute(time);
        } else if (value instanceof Duration duration) {
            return Screen.duration(duration);
        } else if (value instanceof Collection<?> collection) {
            return collection.isEmpty() ? "-" : collection.stream().map(Listing::shown).collect(Collectors.joining(", "));
        }
        return Screen.line(value.toString()).strip();
    }
}
