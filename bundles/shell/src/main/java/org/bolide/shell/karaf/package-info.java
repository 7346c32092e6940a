/** The commands in Karaf's shell, where that runs, in the scope {@code bolide}. */
package org.bolide.shell.karaf;
