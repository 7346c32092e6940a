package org.bolide.filtering.xpath;

/**
 * An expanded name (XPath 1.0, section 5). Elements, attributes, processing instructions and namespace nodes have names
 * of their own each, so that a name tells the kind of node too.
 *
 * @param kind see {@link Tree#ELEMENT} and its siblings
 * @param uri empty for a name in no namespace
 */
record Name(byte kind, String uri, String local) {

    // A record's own methods go by method handles, and this is asked for each element and attribute.

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && kind == name.kind && local.equals(name.local) && uri.equals(name.uri);
    }

    @Override
    public int hashCode() {
        return (local.hashCode() * 31 + uri.hashCode()) * 31 + kind;
    }
}
