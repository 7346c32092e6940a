package org.bolide.filtering.xquery;

import java.util.Optional;

import net.sf.saxon.om.NodeInfo;

/**
 * An event as Saxon's tree, kept with it.
 *
 * @param document the document node; empty if the event cannot be read, and then no filter matches
 */
record EventDocument(Optional<NodeInfo> document) {
}
