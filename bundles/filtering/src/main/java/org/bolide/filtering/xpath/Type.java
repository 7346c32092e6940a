package org.bolide.filtering.xpath;

/** The four types of XPath 1.0; an expression's type is known without an event. */
public enum Type {
    NODE_SET, BOOLEAN, NUMBER, STRING
}
