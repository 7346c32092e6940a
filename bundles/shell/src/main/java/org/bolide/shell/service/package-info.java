/** The commands for front ends of other bundles, such as the page. */
package org.bolide.shell.service;
