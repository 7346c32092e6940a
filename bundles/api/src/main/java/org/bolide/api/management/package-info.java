/** What the bundles tell of themselves: services that each registers, for shell, page, metrics and tests. */
@Export
@Version("1.0.0")
package org.bolide.api.management;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
