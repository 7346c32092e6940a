package org.bolide.launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.bolide.launcher.configuration.Checker;
import org.bolide.launcher.configuration.ConfigurationFile;
import org.bolide.launcher.configuration.ConfigurationFile.Name;
import org.bolide.launcher.configuration.EtcFolders;
import org.bolide.launcher.configuration.Problem;

/** The configuration files of a start: fills a new base's folder, reads and checks what is there. */
final class Etc {

    private final Path home;
    private final Path base;

    Etc(Path home, Path base) {
        this.home = home;
        this.base = base;
    }

    /** Gives a base of its own the installation's examples, always, and at its first use also the active files. */
    void fill() throws IOException {
        Path target = base.resolve("etc");
        boolean isNew = !Files.isDirectory(target);
        Files.createDirectories(target);
        Files.createDirectories(base.resolve("deploy"));
        Path source = home.resolve("etc");
        if (Files.isSameFile(source, target)) {
            return;
        }
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(f -> Checker.isOurs(f.getFileName().toString())).toList()) {
                if (isNew || file.toString().endsWith(".example")) {
                    // Not Files.copy: from a read-only installation it would make files that cannot be edited.
                    Files.write(target.resolve(file.getFileName()), Files.readAllBytes(file));
                }
            }
        }
    }

    /** Reads and checks all files and adds them to the plan. */
    List<Problem> read(Checker checker, UnaryOperator<String> variables, Plan plan) throws IOException {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (Path file : EtcFolders.files(home.resolve("etc"), base.resolve("etc"))) {
            String shown = file.startsWith(base) ? base.relativize(file).toString() : file.toString();
            Name name = ConfigurationFile.name(file).orElseThrow();
            Optional<Problem> wrongName = checker.checkName(shown, name);
            if (wrongName.isPresent()) {
                problems.add(wrongName.get());
                continue;
            }
            String other = names.putIfAbsent(name.id(), shown);
            if (other != null) {
                problems.add(new Problem(shown, "configures the same as " + other + ": remove one of them"));
                continue;
            }
            try {
                ConfigurationFile read = ConfigurationFile.read(file, variables);
                Checker.Result result = checker.check(shown, read.pid(), read.values());
                problems.addAll(result.problems());
                plan.addFile(read.id(), shown, result.values());
            } catch (IOException e) {
                problems.add(new Problem(shown, e.getMessage()));
            }
        }
        return problems;
    }
}
