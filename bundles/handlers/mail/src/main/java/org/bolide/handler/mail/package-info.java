/** Mails events: the first at once, then digests, and no more than so many mails an hour. */
package org.bolide.handler.mail;
