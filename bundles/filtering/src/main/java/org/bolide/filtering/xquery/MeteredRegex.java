package org.bolide.filtering.xquery;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;

import net.sf.saxon.regex.RegexIterator;
import net.sf.saxon.regex.RegularExpression;
import net.sf.saxon.str.UnicodeString;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.tree.iter.AtomicIterator;
import net.sf.saxon.z.IntIterator;

/**
 * A regular expression that pays for each character it looks at, however often it goes back to it: so one that would try
 * more ways than there are seconds is ended like anything else.
 */
record MeteredRegex(RegularExpression base) implements RegularExpression {

    private static final int MAX_LENGTH = 1000;
    /** Of a pattern that depends on the event, and is compiled each time. */
    private static final int COMPILATION = 50;
    /** Of brackets: each is a level of recursion, and costs something at each character. */
    private static final int MAX_NESTING = 20;
    /** What Saxon takes for each attempt of its own beside the characters looked at; some attempts look at none. */
    static final int BACKTRACKING = 50_000;

    static RegularExpression compile(ClosedSaxon saxon, UnicodeString pattern, String flags, String language,
            List<String> warnings) throws XPathException {
        for (int i = 0; i < flags.length(); i++) {
            // The others call Java's own engine, which knows no end.
            if ("smixq".indexOf(flags.charAt(i)) < 0) {
                throw new XPathException("the flags of a regular expression are s, m, i, x and q, not " + flags, "FORX0001");
            }
        }
        Meter.chargeIfRunning(COMPILATION + pattern.length());
        if (pattern.length() > MAX_LENGTH) {
            throw new XPathException("a regular expression has at most " + MAX_LENGTH + " characters", "FORX0002");
        }
        int nesting = 0;
        for (int i = 0; i < pattern.length(); i++) {
            int c = pattern.codePointAt(i);
            // One that is escaped counts too: no more than a few are.
            nesting += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (nesting > MAX_NESTING) {
                throw new XPathException("the brackets of a regular expression are at most " + MAX_NESTING + " deep", "FORX0002");
            }
        }
        return new MeteredRegex(saxon.compileUnmetered(pattern, flags, language, warnings));
    }

    private static UnicodeString metered(UnicodeString text) {
        return text.isEmpty() ? text : new Text(text.tidy(), Meter.current());
    }

    @Override
    public boolean matches(UnicodeString input) {
        return base.matches(metered(input));
    }

    @Override
    public boolean containsMatch(UnicodeString input) {
        return base.containsMatch(metered(input));
    }

    @Override
    public AtomicIterator tokenize(UnicodeString input) {
        return base.tokenize(metered(input));
    }

    @Override
    public RegexIterator analyze(UnicodeString input) {
        return base.analyze(metered(input));
    }

    @Override
    public UnicodeString replace(UnicodeString input, UnicodeString replacement) throws XPathException {
        // The text may have as many places to replace as characters.
        Meter.current().chargeProduct(input.length() + 1, replacement.length());
        return base.replace(metered(input), replacement);
    }

    @Override
    public UnicodeString replaceWith(UnicodeString input,
            BiFunction<UnicodeString, UnicodeString[], UnicodeString> replacement) throws XPathException {
        return base.replaceWith(metered(input), replacement);
    }

    @Override
    public String getFlags() {
        return base.getFlags();
    }

    @Override
    public boolean isPlatformNative() {
        return base.isPlatformNative();
    }

    /** A text that counts how often it is looked at. */
    private static final class Text extends UnicodeString {

        private final UnicodeString text;
        private final Meter meter;

        Text(UnicodeString text, Meter meter) {
            this.text = text;
            this.meter = meter;
        }

        @Override
        public int codePointAt(long index) {
            meter.charge(1);
            return text.codePointAt(index);
        }

        /** Asked for at each place, also by what matches without a character. */
        @Override
        public long length() {
            meter.charge(1);
            return text.length();
        }

        @Override
        public int getWidth() {
            return text.getWidth();
        }

        @Override
        public long indexOf(int codePoint, long from) {
            meter.chargeCharacters(text.length());
            return text.indexOf(codePoint, from);
        }

        @Override
        public long indexWhere(IntPredicate predicate, long from) {
            meter.chargeCharacters(text.length());
            return text.indexWhere(predicate, from);
        }

        @Override
        public IntIterator codePoints() {
            meter.chargeCharacters(text.length());
            return text.codePoints();
        }

        @Override
        public UnicodeString substring(long start, long end) {
            meter.charge(1);
            return text.substring(start, end);
        }
    }
}
