package org.bolide.filtering.xpath;

import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

import javax.xml.XMLConstants;

import org.bolide.filtering.sky.SkyFunction;

/** Calls of functions (XPath 1.0, section 4), by what they give. An argument that may be left out is always there: the context node. */
final class Calls {

    private static final Name XML_LANG = new Name(Tree.ATTRIBUTE, XMLConstants.XML_NS_URI, "lang");

    private Calls() {
    }

    static Expr of(Function function, List<Expr> arguments) {
        return switch (function) {
            case TRUE -> new Expr.Constant.Truth(true);
            case FALSE -> new Expr.Constant.Truth(false);
            case ID -> new ById(arguments.get(0));
            default -> switch (function.result) {
                case BOOLEAN -> new ToBoolean(function, arguments);
                case NUMBER -> new ToNumber(function, arguments);
                default -> new ToString(function, arguments);
            };
        };
    }

    record ToBoolean(Function function, List<Expr> parts) implements Expr.OfBoolean {

        @Override
        public boolean test(Focus focus) {
            return switch (function) {
                case BOOLEAN -> parts.get(0).test(focus);
                case NOT -> !parts.get(0).test(focus);
                case STARTS_WITH -> startsWith(focus);
                case CONTAINS -> indexOf(focus.run, parts.get(0).string(focus), parts.get(1).string(focus)) >= 0;
                case LANG -> lang(focus.run, focus.node, parts.get(0).string(focus));
                default -> throw new IllegalStateException(function.text());
            };
        }

        private boolean startsWith(Focus focus) {
            String start = parts.get(1).string(focus);
            if (parts.get(0) instanceof Expr.OfNodes nodes) {
                int first = nodes.first(focus);
                return first == Tree.NONE ? start.isEmpty() : focus.run.startsWith(first, start);
            }
            focus.run.reading(start.length());
            return parts.get(0).string(focus).startsWith(start);
        }

        private static boolean lang(Run run, int node, String wanted) {
            int name = run.tree.id(XML_LANG);
            for (int n = node; n != Tree.NONE && name != Tree.ABSENT; n = run.tree.parent(n)) {
                run.step();
                int attribute = run.tree.attribute(n, name);
                if (attribute != Tree.NONE) {
                    String lang = run.string(attribute);
                    run.reading(wanted.length());
                    return lang.regionMatches(true, 0, wanted, 0, wanted.length())
                            && (lang.length() == wanted.length() || lang.length() > wanted.length() && lang.charAt(wanted.length()) == '-');
                }
            }
            return false;
        }
    }

    record ToNumber(Function function, List<Expr> parts) implements Expr.OfNumber {

        @Override
        public double number(Focus focus) {
            return switch (function) {
                case LAST -> focus.size;
                case POSITION -> focus.position;
                case COUNT -> ((Expr.OfNodes) parts.get(0)).nodes(focus).size();
                case SUM -> sum(focus.run, ((Expr.OfNodes) parts.get(0)).nodes(focus));
                case STRING_LENGTH -> {
                    String text = parts.get(0).string(focus);
                    focus.run.reading(text.length());
                    yield text.codePointCount(0, text.length());
                }
                case NUMBER -> parts.get(0).number(focus);
                case FLOOR -> Math.floor(parts.get(0).number(focus));
                case CEILING -> Math.ceil(parts.get(0).number(focus));
                case ROUND -> Numbers.round(parts.get(0).number(focus));
                default -> throw new IllegalStateException(function.text());
            };
        }

        private static double sum(Run run, Nodes nodes) {
            double sum = 0;
            for (int i = 0; i < nodes.size(); i++) {
                sum += run.number(nodes.get(i));
            }
            return sum;
        }
    }

    record ToString(Function function, List<Expr> parts) implements Expr.OfString {

        @Override
        public String string(Focus focus) {
            Run run = focus.run;
            return switch (function) {
                case LOCAL_NAME, NAMESPACE_URI, NAME -> {
                    int node = ((Expr.OfNodes) parts.get(0)).first(focus);
                    run.step();
                    yield node == Tree.NONE ? "" : function == Function.LOCAL_NAME ? run.tree.local(node)
                            : function == Function.NAME ? run.tree.qualified(node) : run.tree.uri(node);
                }
                case STRING -> parts.get(0).string(focus);
                case CONCAT -> concat(focus);
                case SUBSTRING_BEFORE -> {
                    String text = parts.get(0).string(focus);
                    int at = indexOf(run, text, parts.get(1).string(focus));
                    yield at < 0 ? "" : text.substring(0, at);
                }
                case SUBSTRING_AFTER -> {
                    String text = parts.get(0).string(focus);
                    String mark = parts.get(1).string(focus);
                    int at = indexOf(run, text, mark);
                    yield at < 0 ? "" : text.substring(at + mark.length());
                }
                case SUBSTRING -> Strings.substring(copied(focus, 0), parts.get(1).number(focus),
                        parts.size() < 3 ? Double.POSITIVE_INFINITY : parts.get(2).number(focus));
                case NORMALIZE_SPACE -> Strings.normalizeSpace(copied(focus, 0));
                case TRANSLATE -> Strings.translate(copied(focus, 0), copied(focus, 1), copied(focus, 2));
                default -> throw new IllegalStateException(function.text());
            };
        }

        /** An argument that is worked on character by character. */
        private String copied(Focus focus, int part) {
            String text = parts.get(part).string(focus);
            focus.run.writing(text.length());
            return text;
        }

        private String concat(Focus focus) {
            StringBuilder all = new StringBuilder();
            for (Expr part : parts) {
                String text = part.string(focus);
                focus.run.writing(text.length());
                all.append(text);
            }
            return all.toString();
        }
    }

    /** What {@code id()} gives: the elements with these {@code xml:id}, as no event has a DTD (section 4.1). */
    record ById(Expr ids) implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            if (ids instanceof Expr.OfNodes nodes) {
                return nodes.any(focus, n -> any(focus.run, focus.run.string(n), visitor));
            }
            return any(focus.run, ids.string(focus), visitor);
        }

        private static boolean any(Run run, String ids, Visitor visitor) {
            run.writing(ids.length());
            for (StringTokenizer tokens = new StringTokenizer(ids, " \t\r\n"); tokens.hasMoreTokens();) {
                run.step();
                int element = run.tree.elementById(tokens.nextToken());
                if (element != Tree.NONE && visitor.visit(element)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public List<Expr> parts() {
            return List.of(ids);
        }
    }

    /** A call of a function of sky and time, which are beyond XPath 1.0. */
    record OfSky(SkyFunction function, List<Expr> parts) implements Expr {

        /** What a step costs, about. */
        private static final int STEP_NANOS = 5;

        @Override
        public Type type() {
            return switch (function.result()) {
                case NUMBER -> Type.NUMBER;
                case STRING -> Type.STRING;
                case BOOLEAN -> Type.BOOLEAN;
            };
        }

        private Object value(Focus focus) {
            Object[] arguments = new Object[parts.size()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = argument(i, focus);
            }
            focus.run.steps(function.costNanos() / STEP_NANOS);
            return function.call(focus.run.event, arguments);
        }

        private Object argument(int i, Focus focus) {
            Expr part = parts.get(i);
            return switch (function.parameters().get(i)) {
                case NUMBER -> part.number(focus);
                case STRING -> part.string(focus);
                case BOOLEAN -> part.test(focus);
            };
        }

        /** What is wrong with the argument, if it is the same for all events. */
        Optional<String> fault(int i) {
            return parts.get(i) instanceof Constant ? function.fault(i, argument(i, Focus.nowhere())) : Optional.empty();
        }

        @Override
        public boolean test(Focus focus) {
            Object value = value(focus);
            return value instanceof Boolean truth ? truth : value instanceof Double number ? Expr.truth(number)
                    : !((String) value).isEmpty();
        }

        @Override
        public double number(Focus focus) {
            Object value = value(focus);
            return value instanceof Double number ? number : value instanceof Boolean truth ? truth ? 1 : 0
                    : Numbers.parse((String) value);
        }

        @Override
        public String string(Focus focus) {
            Object value = value(focus);
            return value instanceof Double number ? Numbers.toString(number) : value.toString();
        }
    }

    /** The cost is that of the worst case, in which each place nearly matches. */
    private static int indexOf(Run run, String text, String part) {
        run.reading((long) text.length() * Math.max(1, part.length()));
        return text.indexOf(part);
    }
}
