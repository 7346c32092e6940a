/** The program {@code bolide}: runs before Karaf, checks everything, and says in a run file what this run is to be. */
package org.bolide.launcher.cli;
