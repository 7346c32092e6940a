/** A handler for Bolide. */
package ${package};
