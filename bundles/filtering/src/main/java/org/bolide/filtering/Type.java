package org.bolide.filtering;

/** The four types of XPath 1.0; an expression's type is known without an event. */
enum Type {
    NODE_SET, BOOLEAN, NUMBER, STRING
}
