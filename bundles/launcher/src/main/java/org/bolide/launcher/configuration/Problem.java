package org.bolide.launcher.configuration;

/**
 * Something wrong with a configuration.
 *
 * @param where the file or option, as the operator calls it
 * @param what a sentence: the key, the value, what is allowed
 */
public record Problem(String where, String what) {

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
