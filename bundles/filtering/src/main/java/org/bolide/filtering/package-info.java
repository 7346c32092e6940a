/** XPath and XQuery filters, on an engine that is embedded and private. */
package org.bolide.filtering;
