/** Posts each event to a web address. */
package org.bolide.handler.httppost;
