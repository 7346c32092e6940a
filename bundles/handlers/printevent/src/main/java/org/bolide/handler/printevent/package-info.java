/** Prints each event it is handed. */
package org.bolide.handler.printevent;
