/** The broker's state by HTTP, and the acts that the page offers: through the commands that an operator types. */
package org.bolide.web.broker;
