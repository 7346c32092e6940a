/** What can be configured (Metatype), what is configured (files, the run file), and whether it is right. */
package org.bolide.launcher.configuration;
