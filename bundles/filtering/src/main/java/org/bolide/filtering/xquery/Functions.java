package org.bolide.filtering.xquery;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import net.sf.saxon.om.NamespaceUri;
import net.sf.saxon.om.StructuredQName;
import org.bolide.filtering.sky.SkyFunction;

/** The functions that a filter may call, and what their arguments cost; there is no other way to one. */
final class Functions {

    static final NamespaceUri SKY = NamespaceUri.of(SkyFunction.NAMESPACE);

    /** What a call costs besides what its arguments weigh one by one. */
    enum Extra {
        NONE,
        /** The first argument's characters times the second's. */
        PRODUCT,
        /** The first argument's items times the second's characters. */
        JOIN,
        /** The second argument says to how many digits. */
        DIGITS
    }

    /** @param weight what each item of an argument costs */
    record Cost(Weight weight, Extra extra) {
    }

    private static final Map<NamespaceUri, Map<String, Cost>> ALLOWED = new HashMap<>();

    static {
        allow(NamespaceUri.FN, Weight.ITEM, """
                abs adjust-date-to-timezone adjust-dateTime-to-timezone adjust-time-to-timezone boolean ceiling count dateTime
                day-from-date day-from-dateTime days-from-duration default-collation empty error exactly-one exists false floor
                function-arity function-name generate-id has-children head hours-from-dateTime hours-from-duration hours-from-time
                implicit-timezone in-scope-prefixes insert-before last local-name local-name-from-QName minutes-from-dateTime
                minutes-from-duration minutes-from-time month-from-date month-from-dateTime months-from-duration name
                namespace-uri namespace-uri-for-prefix namespace-uri-from-QName nilled node-name not one-or-more position
                prefix-from-QName remove reverse root seconds-from-dateTime seconds-from-duration seconds-from-time subsequence
                tail timezone-from-date timezone-from-dateTime timezone-from-time true unordered year-from-date
                year-from-dateTime years-from-duration zero-or-one""");
        allow(NamespaceUri.FN, Weight.CONTENT, """
                apply codepoint-equal codepoints-to-string compare concat contains-token data deep-equal encode-for-uri ends-with
                escape-html-uri filter fold-left fold-right for-each for-each-pair iri-to-uri lower-case matches normalize-space
                normalize-unicode replace resolve-QName QName starts-with string string-length
                string-to-codepoints substring tokenize upper-case""");
        allow(NamespaceUri.FN, Weight.CAST, "avg max min number parse-ietf-date sum");
        allow(NamespaceUri.FN, Weight.SORT, "distinct-values index-of innermost lang outermost sort");
        extra(NamespaceUri.FN, Weight.CONTENT, Extra.PRODUCT, "contains substring-after substring-before translate");
        extra(NamespaceUri.FN, Weight.CONTENT, Extra.JOIN, "string-join");
        extra(NamespaceUri.FN, Weight.ITEM, Extra.DIGITS, "round round-half-to-even");
        allow(NamespaceUri.MATH, Weight.ITEM, "acos asin atan atan2 cos exp exp10 log log10 pi pow sin sqrt tan");
        allow(NamespaceUri.MAP_FUNCTIONS, Weight.ITEM, "contains entry get put remove size");
        allow(NamespaceUri.MAP_FUNCTIONS, Weight.ENTRIES, "keys merge");
        allow(NamespaceUri.MAP_FUNCTIONS, Weight.CONTENT, "find for-each");
        allow(NamespaceUri.ARRAY_FUNCTIONS, Weight.ITEM, "get size");
        // The two with _ are what the constructor of an array and ?* become.
        allow(NamespaceUri.ARRAY_FUNCTIONS, Weight.ENTRIES,
                "_from-sequence _to-sequence append head insert-before join put remove reverse subarray tail");
        allow(NamespaceUri.ARRAY_FUNCTIONS, Weight.CONTENT, "filter flatten fold-left fold-right for-each for-each-pair");
        allow(NamespaceUri.ARRAY_FUNCTIONS, Weight.SORT, "sort");
        // What $err:code and its like become.
        allow(NamespaceUri.SAXON, Weight.ITEM, "dynamic-error-info");
    }

    private static final Set<String> READING = Set.of("doc", "doc-available", "collection", "uri-collection", "unparsed-text",
            "unparsed-text-available", "unparsed-text-lines", "json-doc", "environment-variable",
            "available-environment-variables", "load-xquery-module", "transform", "id", "idref", "element-with-id");
    private static final Set<String> CHANGING = Set.of("current-dateTime", "current-date", "current-time",
            "random-number-generator");
    private static final Set<String> MAKING = Set.of("parse-xml", "parse-xml-fragment", "analyze-string", "json-to-xml",
            "xml-to-json", "parse-json", "serialize", "copy-of", "snapshot");

    private Functions() {
    }

    private static void allow(NamespaceUri namespace, Weight weight, String names) {
        extra(namespace, weight, Extra.NONE, names);
    }

    private static void extra(NamespaceUri namespace, Weight weight, Extra extra, String names) {
        for (String name : names.split("\\s+")) {
            ALLOWED.computeIfAbsent(namespace, n -> new HashMap<>()).put(name, new Cost(weight, extra));
        }
    }

    /** Whether a namespace is one of Saxon's and of the specifications', in which no query may declare a function. */
    static boolean isBuiltIn(NamespaceUri namespace) {
        return ALLOWED.containsKey(namespace);
    }

    /** The cost of a function that may be called; null for any other. */
    static Cost cost(StructuredQName name) {
        return ALLOWED.getOrDefault(name.getNamespaceUri(), Map.of()).get(name.getLocalPart());
    }

    /** Why a function may not be called, for who wrote the call. */
    static String whyNot(StructuredQName name) {
        String local = name.getLocalPart();
        if (!name.hasURI(NamespaceUri.FN)) {
            return name.getDisplayName() + "() is not a function that a filter may call";
        }
        if (READING.contains(local)) {
            return local.contains("id") && !local.contains("-a")
                    ? local + "() is not for filters; compare the attribute, as in //*[@xml:id = \"x\"]"
                    : local + "() is not for filters: they read nothing but the event";
        }
        if (CHANGING.contains(local)) {
            return local + "() is not for filters: what they say of an event never changes; compare with the event's own times";
        }
        if (MAKING.contains(local)) {
            return local + "() is not for filters: they make no documents";
        }
        return switch (local) {
            case "trace" -> "trace() is not for filters: they write nothing";
            case "function-lookup" -> "function-lookup() is not for filters; write the function's name, as in upper-case#1";
            default -> local.startsWith("format-")
                    ? local + "() is not for filters: what it gives depends on the language of the machine; compare the value itself"
                    : local + "() is not a function that a filter may call";
        };
    }
}
