package org.bolide.benchmarks.faults;

/**
 * A number of a fault.
 *
 * @param name as on the command line, with its unit where it has one
 * @param small in the build
 * @param full by hand
 */
record Amount(String name, int small, int full) {}
