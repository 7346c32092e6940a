/** The archive's queries by HTTP, in the forms of voeventdb's REST API, version 1; exports as tar and VOTable. */
package org.bolide.archive;
