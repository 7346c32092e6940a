package org.bolide.launcher.sendvo;

/**
 * An event to send.
 *
 * @param name where it comes from, for people
 * @param bytes the document
 */
record Message(String name, byte[] bytes) {}
