/** Faults that Bolide survives: the product, load on it, a fault, and a check of what was promised; small in the build, in full by hand. */
package org.bolide.benchmarks.faults;
