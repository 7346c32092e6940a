/** The page in a real browser: how it is driven, what it costs, its pictures. */
package org.bolide.benchmarks.page;
