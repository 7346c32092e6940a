/** An example of a handler: adds a line to a table for each event. */
package org.example.listevents;
