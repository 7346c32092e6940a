/** Tells what is in the archive. */
package org.bolide.sbom;
