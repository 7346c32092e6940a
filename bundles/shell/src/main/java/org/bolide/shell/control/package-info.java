/** The commands from the machine's own terminals: {@code bin/bolide COMMAND}, through a Unix-domain socket. */
package org.bolide.shell.control;
