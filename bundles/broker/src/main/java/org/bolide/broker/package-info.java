/** The hub: takes events in, keeps the log's readers, and runs the handlers' lanes. */
package org.bolide.broker;
