/** The VOEvent Transport Protocol: receiver, broadcaster, subscription and sender. */
package org.bolide.transport;
