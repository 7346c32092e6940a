/** What the commands do: text from management services. Knows no front end. */
package org.bolide.shell.command;
