/** The hub: intake, the log and its readers, lanes, and dead letters. */
package org.bolide.broker;
