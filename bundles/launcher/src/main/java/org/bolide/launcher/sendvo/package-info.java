/** The program {@code sendvo}: publishes events. */
package org.bolide.launcher.sendvo;
