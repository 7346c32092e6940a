/**
 * What Bolide is: sources submit events to an {@link org.bolide.api.EventIntake}, the broker keeps them in one durable
 * log, and handlers and readers take them from there.
 */
@Export
@Version("1.0.0")
package org.bolide.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
