/** The VOEvent vocabulary: versions 1.1, 2.0 and 2.1. */
package org.bolide.vocabulary.voevent;
