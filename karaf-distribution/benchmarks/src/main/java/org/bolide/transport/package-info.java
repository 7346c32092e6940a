/** Times what transport keeps to itself: it stands in its package. */
package org.bolide.transport;
