/** A broker under load: authors and subscribers in numbers, and an exact account of what became of every event. */
package org.bolide.benchmarks.load;
