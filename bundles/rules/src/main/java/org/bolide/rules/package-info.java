/** The owner's rules: what is accepted from whom, what is relayed to whom, who may filter in which language. */
package org.bolide.rules;
