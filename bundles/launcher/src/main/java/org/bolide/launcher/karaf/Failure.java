package org.bolide.launcher.karaf;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** Why a component does not run, for people. */
final class Failure {

    private Failure() {}

    /** The innermost cause's text; the stack trace is in the log already. */
    static String of(ComponentConfigurationDTO configuration) {
        String trace = configuration.failure == null ? "" : configuration.failure;
        List<String> lines = trace.lines().filter(line -> !line.startsWith("\t")).toList();
        String last = lines.stream()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, second) -> second)
                .orElse(lines.isEmpty() ? "the reason is in the log" : lines.get(0));
        String reason = last.replaceFirst("^Caused by: ", "").replaceFirst("^[\\w.$]+(Exception|Error): ", "");
        return configuration.description.name + ": " + reason;
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
