/** Where the log is kept. Looks inward: only the broker uses it. */
@Export
@Version("1.0.0")
package org.bolide.api.store;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
