/** Filters of the page: registered, tried on what the log holds, and watched live. */
package org.bolide.web.watch;
