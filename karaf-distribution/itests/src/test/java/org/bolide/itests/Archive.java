package org.bolide.itests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.ops4j.pax.exam.Option;

import static org.ops4j.pax.exam.OptionUtils.combine;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

/** The archive that the build made: where it is, how Pax Exam starts it, how an operator unpacks it. */
final class Archive {
    /** Whether Karaf's shell has sessions: it asks the JVM for what newer ones do not tell any more (Subject.getSubject). */
    static final boolean SHELL_RUNS = Runtime.version().feature() < 23;
    private static final String LOCAL_REPOSITORY = "org.ops4j.pax.url.mvn.localRepository";

    private Archive() { }

    /** What a Pax Exam test runs in; add what it needs beyond that. */
    static Option[] inside(Option... more) {
        return combine(new Option[] {
            karafDistributionConfiguration().frameworkUrl(file().toUri().toString()).name("Bolide").karafVersion(System.getProperty("karaf.version"))
                    .unpackDirectory(new File("target/exam")).useDeployFolder(false),
            keepRuntimeFolder(),
            // As bin/bolide starts it without --console.
            configureConsole().ignoreLocalConsole(),
            editConfigurationFilePut("etc/org.ops4j.pax.url.mvn.cfg", LOCAL_REPOSITORY, System.getProperty(LOCAL_REPOSITORY)),
        }, more);
    }

    /** Unpacks the archive into a directory and returns the folder that it holds. */
    static Path unpack(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Process tar = new ProcessBuilder("tar", "xzf", file().toString(), "-C", directory.toString()).inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not unpack " + file());
        }
        try (Stream<Path> tops = Files.list(directory)) {
            return tops.filter(p -> p.getFileName().toString().startsWith("bolide-")).findFirst().orElseThrow();
        }
    }

    static Path file() {
        return Path.of(System.getProperty("bolide.archive")).toAbsolutePath().normalize();
    }
}
