package org.bolide.filtering.xpath;

/**
 * An expanded name (XPath 1.0, section 5). Elements, attributes, processing instructions and namespace nodes have names
 * of their own each, so that a name tells the kind of node too.
 *
 * @param kind see {@link Tree#ELEMENT} and its siblings
 * @param uri empty for a name in no namespace
 */
record Name(byte kind, String uri, String local) {}
