package org.bolide.launcher.karaf;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** Why a component does not run, for people. */
final class Failure {

    /** How Felix SCR puts it when a required service's own component could not be activated. */
    private static final String NO_SERVICE = "Unable to get service for reference";

    private Failure() {}

    /** The innermost cause's text; the stack trace is in the log already. */
    static String of(ComponentConfigurationDTO configuration) {
        return configuration.description.name + ": " + reason(configuration);
    }

    /** The same for a component that failed while the broker runs on: which file, why, and what to do. */
    static String live(ComponentConfigurationDTO configuration) {
        String reason = reason(configuration);
        List<String> files = Components.identities(configuration).stream()
                .map(id -> "etc/" + id + (id.indexOf('~') < 0 ? ".cfg" : ".cfg.json")).toList();
        String where = files.isEmpty() ? configuration.description.name : String.join(", ", files);
        return (reason.contains(where) ? "" : where + ": ") + reason + " (" + configuration.description.name
                + " does not run; correct the file, or save it again when the cause is gone)";
    }

    /** Whether it only failed because a component that it needs has failed, or is just being tried: that one has the reason. */
    static boolean isConsequence(ComponentConfigurationDTO configuration) {
        return reason(configuration).startsWith(NO_SERVICE);
    }

    private static String reason(ComponentConfigurationDTO configuration) {
        String trace = configuration.failure == null ? "" : configuration.failure;
        List<String> lines = trace.lines().filter(line -> !line.startsWith("\t")).toList();
        String last = lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, second) -> second)
                .orElse(lines.isEmpty() ? "the reason is in the log" : lines.get(0));
        return last.replaceFirst("^Caused by: ", "").replaceFirst("^[\\w.$]+(Exception|Error): ", "");
    }

    /** What a component waits for. */
    static String waitingFor(ComponentConfigurationDTO configuration) {
        if (configuration == null) {
            return "no bundle has taken the configuration";
        }
        return configuration.unsatisfiedReferences.length == 0
                ? "it is still starting"
                : Arrays.stream(configuration.unsatisfiedReferences)
                        .map(reference -> reference.name + (reference.target == null ? "" : " " + reference.target))
                        .collect(Collectors.joining(", ", "it waits for ", ""));
    }
}
