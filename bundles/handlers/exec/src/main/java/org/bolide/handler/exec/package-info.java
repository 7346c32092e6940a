/** Runs a command for each event it is handed. */
package org.bolide.handler.exec;
