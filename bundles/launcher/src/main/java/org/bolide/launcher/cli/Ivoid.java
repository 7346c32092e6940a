package org.bolide.launcher.cli;

import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for a broker's IVOID: IVOA Identifiers 2.0, sections 2.3.2 (authority) and 2.3.3 (resource key). */
final class Ivoid {

    private static final Pattern AUTHORITY = Pattern.compile("[a-zA-Z0-9][\\w\\-.~*'()]{2,}");
    private static final Pattern RESOURCE = Pattern.compile("(/[\\w\\-.~*'()+=/]*)?");

    private Ivoid() {}

    /** The rule that an IVOID breaks, if it breaks one. */
    static Optional<String> broken(String ivoid) {
        if (!ivoid.startsWith("ivo://")) {
            return Optional.of("it must begin with ivo:// and go on with an authority and a name, as in ivo://org.example/broker");
        }
        if (ivoid.indexOf('#') >= 0 || ivoid.indexOf('?') >= 0) {
            return Optional.of("it names the broker itself, so it must not have a local part (# or ?)");
        }
        String rest = ivoid.substring("ivo://".length());
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String resource = slash < 0 ? "" : rest.substring(slash);
        if (!AUTHORITY.matcher(authority).matches()) {
            return Optional.of("its authority \"" + authority
                    + "\" must be at least 3 characters, begin with a letter or digit, and have only letters, digits and . _ - ~ * ' ( )");
        }
        if (!RESOURCE.matcher(resource).matches()) {
            return Optional.of("its resource key \"" + resource + "\" may have only letters, digits and . _ - ~ * ' ( ) + = /");
        }
        if (resource.contains("//") || resource.contains("/./") || resource.contains("/../") || resource.endsWith("/")) {
            return Optional.of("its resource key \"" + resource + "\" must not contain //, /./ or /../ and must not end in /");
        }
        return Optional.empty();
    }
}
