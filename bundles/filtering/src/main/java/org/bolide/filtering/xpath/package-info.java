/** XPath 1.0: a parser, a compact tree of an event, and an evaluator whose cost is counted and bounded. */
package org.bolide.filtering.xpath;
