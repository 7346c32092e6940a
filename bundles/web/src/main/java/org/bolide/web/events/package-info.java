/** Events by HTTP: found, shown and submitted. */
package org.bolide.web.events;
