/** Saves each event it is handed as a file. */
package org.bolide.handler.saveevent;
