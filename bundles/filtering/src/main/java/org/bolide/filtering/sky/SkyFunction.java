package org.bolide.filtering.sky;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.bolide.api.BrokerEvent;

/**
 * One function of filters, whatever their language. Pure: of an event's header, its time of receipt and the arguments
 * alone, so that a verdict never changes. Never throws for an event or for an argument: where something is missing or
 * makes no sense, a number is NaN, a text empty and a test false. Called by any thread; costs a microsecond or less,
 * the first call for the Sun or the Moon of an event some tens of them.
 */
public final class SkyFunction {

    /** The one prefix that filters know without declaring it. */
    public static final String PREFIX = "sky";
    public static final String NAMESPACE = "https://bolide.org/ns/sky";

    /** What a function takes and gives, in Java {@link Double}, {@link String} and {@link Boolean}. */
    public enum Type {
        NUMBER(Double.NaN), STRING(""), BOOLEAN(false);

        private final Object nothing;

        Type(Object nothing) {
            this.nothing = nothing;
        }
    }

    /** What a function does. */
    interface Body {

        Object value(SkyEvent event, Object[] arguments);
    }

    private static final int CALL_NANOS = 200;

    private final String name;
    private final List<Parameter> parameters;
    private final List<Type> types;
    private final int costNanos;
    private final Type result;
    private final Body body;

    SkyFunction(String name, List<Parameter> parameters, Type result, Body body) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        this.types = parameters.stream().map(Parameter::type).toList();
        this.costNanos = CALL_NANOS + parameters.stream().mapToInt(Parameter::costNanos).sum();
        this.result = result;
        this.body = body;
    }

    /** All functions; one name may stand for two, which take different numbers of arguments. */
    public static List<SkyFunction> all() {
        return SkyFunctions.ALL;
    }

    /** The function with this name, without the prefix, that takes so many arguments. */
    public static Optional<SkyFunction> find(String name, int arguments) {
        return SkyFunctions.find(name, arguments);
    }

    /** Why {@link #find} finds nothing, and what would be right; for the person who wrote the filter. */
    public static String whyNotFound(String name, int arguments) {
        List<SkyFunction> alike = SkyFunctions.ALL.stream().filter(function -> function.name.equals(name)).toList();
        if (alike.isEmpty()) {
            return PREFIX + ":" + name + "() is not a sky function; there are " + SkyFunctions.ALL.stream()
                    .map(SkyFunction::name).distinct().collect(Collectors.joining(", "));
        }
        return PREFIX + ":" + name + "() does not take " + arguments + (arguments == 1 ? " argument" : " arguments")
                + "; write " + alike.stream().map(SkyFunction::signature).collect(Collectors.joining(" or "));
    }

    public String name() {
        return name;
    }

    public List<Type> parameters() {
        return types;
    }

    public Type result() {
        return result;
    }

    /** About what a call costs, for those who keep account; always the same, whatever the event. */
    public int costNanos() {
        return costNanos;
    }

    /** For people: {@code sky:in-cone(ra, dec, radius)}. */
    public String signature() {
        return PREFIX + ":" + name + parameters.stream().map(Parameter::word).collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * What is wrong with an argument that the filter itself states, so that it can be refused before it meets an event;
     * empty if nothing is.
     *
     * @param index which argument, from 0
     * @param constant of the parameter's type
     */
    public Optional<String> fault(int index, Object constant) {
        return parameters.get(index).takes(constant) ? Optional.empty() : Optional.of(demand(index));
    }

    /** What an argument must be; for the person who gave another. */
    public String demand(int index) {
        Parameter parameter = parameters.get(index);
        return "the argument " + parameter.word() + " of " + signature() + " must be " + parameter.meaning();
    }

    /**
     * The function's value for an event.
     *
     * @param arguments as many as {@link #parameters}, and of those types
     * @return of the type {@link #result}
     */
    public Object call(BrokerEvent event, Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            // What makes no sense as text is for the body: it has to read it in any case.
            if (parameters.get(i).type() == Type.NUMBER && !parameters.get(i).takes(arguments[i])) {
                return result.nothing;
            }
        }
        return body.value(SkyEvent.of(event), arguments);
    }

    @Override
    public String toString() {
        return signature();
    }
}
