/** Any vocabulary, by configuration: its roots, its XSD files, and where identifier, role, author and times stand. */
package org.bolide.vocabulary.xml;
