/** XQuery 3.1 filters: Saxon, shut in, and metered by what is put into each query when it is compiled. */
package org.bolide.filtering.xquery;
