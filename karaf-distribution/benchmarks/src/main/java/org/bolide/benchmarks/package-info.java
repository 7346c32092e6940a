/** Figures, for people: run by hand, side by side with a reference. */
package org.bolide.benchmarks;
