/** What the bundles tell of themselves, as metrics for Prometheus and JMX, and whether the broker is live and ready. */
package org.bolide.metrics;
