/** For plug-ins that read and write events: documents parsed safely, their times, and new ones built. */
@Export
@Version("1.0.0")
package org.bolide.api.xml;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
