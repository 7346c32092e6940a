package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.bolide.api.Explanation;

/**
 * Tells what each part of an expression gave. A part of a predicate is asked about many nodes; what is told of it is for
 * how many it was true. Each part is evaluated anew and may cost what a whole evaluation may; their number is bounded.
 */
final class Explainer {

    private static final int MAX_PARTS = 100;
    private static final int MAX_PLACES = 1000;
    private static final int MAX_SHOWN = 3;
    private static final int MAX_LENGTH = 100;

    /** A focus without what an evaluation has cost. */
    private record Place(int node, int position, int size) {

        Focus focus(Run run) {
            Focus focus = new Focus(run, node);
            focus.position = position;
            focus.size = size;
            return focus;
        }
    }

    private final String text;
    private final Supplier<Run> runs;
    private final Tree tree;
    private final Map<Object, String> written = new IdentityHashMap<>();
    private int parts;

    /** @param runs begins an evaluation */
    Explainer(String text, Supplier<Run> runs) {
        this.text = text;
        this.runs = runs;
        this.tree = runs.get().tree;
    }

    /** Is told by the parser where the parts stand. */
    void written(Object part, int start, int end) {
        written.put(part, text.substring(start, end));
    }

    Explanation explain(Expr filter) {
        Explanation explained = explain(filter, List.of(new Place(tree.root(), 1, 1)));
        return new Explanation(text, explained.result(), explained.parts());
    }

    private Explanation explain(Expr expr, List<Place> places) {
        parts++;
        Run run = runs.get();
        String result;
        List<Explanation> explained = new ArrayList<>();
        try {
            result = places.size() == 1 ? value(expr, places.get(0).focus(run)) : summary(expr, places, run);
            parts(expr, places, explained);
        } catch (Overrun e) {
            result = "costs too much: " + e.getMessage();
        }
        return new Explanation(written.getOrDefault(expr, "…"), result, explained);
    }

    private void parts(Expr expr, List<Place> places, List<Explanation> explained) {
        if (expr instanceof Operators.Or || expr instanceof Operators.And) {
            // The next term is asked only where this one has not decided.
            List<Place> open = places;
            Run run = runs.get();
            for (Expr part : expr.parts()) {
                add(part, open, explained);
                open = open.stream().filter(place -> part.test(place.focus(run)) == expr instanceof Operators.And).toList();
            }
        } else if (expr instanceof Paths.Path path) {
            add(path.start(), places, explained);
            if (places.size() == 1) {
                steps(path, places.get(0).focus(runs.get()), explained);
            }
        } else if (expr instanceof Paths.Filtered filtered) {
            add(filtered.nodes(), places, explained);
            if (places.size() == 1) {
                predicates(filtered.predicates(), List.of(filtered.nodes().nodes(places.get(0).focus(runs.get()))), explained);
            }
        } else {
            expr.parts().forEach(part -> add(part, places, explained));
        }
    }

    private void add(Expr part, List<Place> places, List<Explanation> explained) {
        boolean plain = part instanceof Expr.Constant || part instanceof Paths.Context || part instanceof Paths.Document;
        if (!plain && !places.isEmpty() && parts < MAX_PARTS) {
            explained.add(explain(part, places));
        }
    }

    private void steps(Paths.Path path, Focus focus, List<Explanation> explained) {
        Nodes nodes = path.start().nodes(focus);
        for (Step step : path.steps()) {
            if (nodes.size() == 0 || parts++ >= MAX_PARTS) {
                return;
            }
            Step bare = new Step(step.axis(), step.test(), Predicates.NONE);
            List<Nodes> asked = new ArrayList<>();
            nodes.any(n -> !asked.add(new Nodes()) || bare.walk(focus.run, n, asked.get(asked.size() - 1)));
            List<Explanation> ofStep = new ArrayList<>();
            predicates(step.predicates(), asked, ofStep);
            nodes = Paths.Path.after(focus.run, nodes, step);
            if (path.steps().size() == 1) {
                explained.addAll(ofStep);
            } else {
                explained.add(new Explanation(written.getOrDefault(step, "…"), nodes(nodes), ofStep));
            }
        }
    }

    /** @param asked the nodes that the predicates are asked about, of each node from which the step was taken */
    private void predicates(Predicates predicates, List<Nodes> asked, List<Explanation> explained) {
        Run run = runs.get();
        List<Nodes> groups = asked;
        for (Expr predicate : predicates.all()) {
            List<Place> places = new ArrayList<>();
            for (Nodes group : groups) {
                for (int i = 0; i < group.size() && places.size() < MAX_PLACES; i++) {
                    places.add(new Place(group.get(i), i + 1, group.size()));
                }
            }
            add(predicate, places, explained);
            groups = groups.stream().map(group -> new Predicates(List.of(predicate), true, true).keep(run, group)).toList();
        }
    }

    private String summary(Expr expr, List<Place> places, Run run) {
        if (expr.type() == Type.NUMBER || expr.type() == Type.STRING) {
            return places.size() + " values: " + places.stream().limit(MAX_SHOWN)
                    .map(place -> value(expr, place.focus(run))).collect(Collectors.joining(", "))
                    + (places.size() > MAX_SHOWN ? ", …" : "");
        }
        long count = places.stream().filter(place -> expr.test(place.focus(run))).count();
        return (expr.type() == Type.BOOLEAN ? "true for " : "there for ") + count + " of " + places.size();
    }

    private String value(Expr expr, Focus focus) {
        return switch (expr.type()) {
            case BOOLEAN, NUMBER -> expr.string(focus);
            case STRING -> quoted(expr.string(focus));
            case NODE_SET -> nodes(((Expr.OfNodes) expr).nodes(focus));
        };
    }

    private String nodes(Nodes nodes) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < nodes.size() && i < MAX_SHOWN; i++) {
            all.append(i == 0 ? ": " : ", ").append(node(nodes.get(i)));
        }
        return nodes.size() + (nodes.size() == 1 ? " node" : " nodes") + all + (nodes.size() > MAX_SHOWN ? ", …" : "");
    }

    private String node(int n) {
        return switch (tree.kind(n)) {
            case Tree.DOCUMENT -> "the document";
            case Tree.ELEMENT -> element(n);
            case Tree.ATTRIBUTE -> tree.qualified(n) + "=" + quoted(tree.string(n));
            case Tree.NAMESPACE -> "xmlns:" + tree.qualified(n) + "=" + quoted(tree.string(n));
            case Tree.COMMENT -> "<!--" + cut(tree.string(n)) + "-->";
            case Tree.INSTRUCTION -> "<?" + tree.qualified(n) + " " + cut(tree.string(n)) + "?>";
            default -> quoted(tree.string(n));
        };
    }

    private String element(int n) {
        StringBuilder tag = new StringBuilder("<").append(tree.qualified(n));
        for (int a = tree.firstAttribute(n); a < tree.firstChild(n) && tag.length() < MAX_LENGTH; a++) {
            tag.append(' ').append(tree.qualified(a)).append('=').append(quoted(tree.string(a)));
        }
        boolean leaf = tree.firstChild(n) < tree.end(n) && tree.kind(tree.firstChild(n)) == Tree.TEXT
                && tree.firstChild(n) + 1 == tree.end(n);
        return tag + ">" + (leaf ? cut(tree.string(n)) + "</" + tree.qualified(n) + ">" : "");
    }

    private static String quoted(String value) {
        return '"' + cut(value) + '"';
    }

    private static String cut(String value) {
        // Code points, lest half of one is shown.
        String line = Strings.normalizeSpace(value);
        return line.length() <= MAX_LENGTH ? line : line.substring(0, line.offsetByCodePoints(0, MAX_LENGTH / 2)) + "…";
    }
}
