/** For tests only: in-memory twins of the published interfaces, recording handlers, a VTP peer, and the contract tests. */
package org.bolide.testkit;
