/** What comes, how often, and what has fallen silent. */
package org.bolide.watch;
