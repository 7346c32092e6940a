/** The commands by ssh, for the users of Karaf's realm. */
package org.bolide.shell.ssh;
