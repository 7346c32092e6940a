/** The same inside Karaf: applies configuration files and the run file, and sees to it that a start is a start. */
package org.bolide.launcher.karaf;
