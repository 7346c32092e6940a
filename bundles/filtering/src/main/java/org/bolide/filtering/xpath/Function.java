package org.bolide.filtering.xpath;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The core function library of XPath 1.0 (section 4). */
enum Function {

    LAST(0, 0, Type.NUMBER), POSITION(0, 0, Type.NUMBER), COUNT(1, Type.NUMBER), ID(1, 1, Type.NODE_SET),
    LOCAL_NAME(0, Type.STRING), NAMESPACE_URI(0, Type.STRING), NAME(0, Type.STRING),

    STRING(0, 1, Type.STRING), CONCAT(2, Integer.MAX_VALUE, Type.STRING), STARTS_WITH(2, 2, Type.BOOLEAN),
    CONTAINS(2, 2, Type.BOOLEAN), SUBSTRING_BEFORE(2, 2, Type.STRING), SUBSTRING_AFTER(2, 2, Type.STRING),
    SUBSTRING(2, 3, Type.STRING), STRING_LENGTH(0, 1, Type.NUMBER), NORMALIZE_SPACE(0, 1, Type.STRING),
    TRANSLATE(3, 3, Type.STRING),

    BOOLEAN(1, 1, Type.BOOLEAN), NOT(1, 1, Type.BOOLEAN), TRUE(0, 0, Type.BOOLEAN), FALSE(0, 0, Type.BOOLEAN),
    LANG(1, 1, Type.BOOLEAN),

    NUMBER(0, 1, Type.NUMBER), SUM(1, Type.NUMBER), FLOOR(1, 1, Type.NUMBER), CEILING(1, 1, Type.NUMBER),
    ROUND(1, 1, Type.NUMBER);

    private static final Map<String, Function> ALL =
            Arrays.stream(values()).collect(Collectors.toMap(Function::text, f -> f));

    final int least;
    final int most;
    final Type result;
    /** Whether the argument must be a set of nodes; everything else is converted. */
    final boolean ofNodes;

    Function(int least, int most, Type result) {
        this.least = least;
        this.most = most;
        this.result = result;
        this.ofNodes = false;
    }

    Function(int least, Type result) {
        this.least = least;
        this.most = 1;
        this.result = result;
        this.ofNodes = true;
    }

    static Optional<Function> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** As filters write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is about the context node if no argument says what else. */
    boolean ofContext() {
        return least == 0 && most == 1;
    }
}
