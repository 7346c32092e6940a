/** The command line: options from the Metatype of the jars that are there, the configuration checker, and sendvo. */
package org.bolide.launcher;
