/** How the page and its API speak HTTP: who asks and may do what, routes, JSON, and the files of the page. */
package org.bolide.web.http;
