/** The commands in Karaf's shell: options, completion and help, no more. */
package org.bolide.shell.karaf;
