package org.bolide.filtering.xpath;

import java.util.Map;

import org.bolide.api.FilterSyntaxException;

/** Compiles XPaths, and has what they share. Safe for use by any number of threads. */
public final class XPathEngine {

    private final Trees trees;
    private final Index index = new Index();
    private final boolean nanPasses;

    /** @param nanPasses whether the value NaN is true */
    public XPathEngine(Trees trees, boolean nanPasses) {
        this.trees = trees;
        this.nanPasses = nanPasses;
    }

    /**
     * Compiles an XPath.
     *
     * @param namespaces the prefixes that it may use, beside {@code xml}
     * @throws FilterSyntaxException with the reason and the place
     */
    public XPath compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        return new XPath(text, namespaces, this);
    }

    Trees trees() {
        return trees;
    }

    Index index() {
        return index;
    }

    boolean nanPasses() {
        return nanPasses;
    }
}
