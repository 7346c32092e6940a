/** The published contract: what sources, handlers, filter languages, vocabularies and stores see of the broker. */
@Export
@Version("1.0.0")
package org.bolide.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
