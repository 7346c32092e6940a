/** The sky and time functions of filters, for every language: one table, pure functions of an event's header, its time of receipt and the arguments. */
package org.bolide.filtering.sky;
