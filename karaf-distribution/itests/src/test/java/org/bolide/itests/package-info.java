/** Tests of the archive that is shipped, from inside and from outside. */
package org.bolide.itests;
