/** {@code bolide COMMAND}: hands a command to the broker that runs on a base, or to one that runs for its length. */
package org.bolide.launcher.control;
