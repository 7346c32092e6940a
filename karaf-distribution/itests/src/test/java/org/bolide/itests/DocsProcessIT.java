package org.bolide.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.bolide.testkit.Tools;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the pages tell a reader to type works, and prints what they say. */
class DocsProcessIT {

    /** From Java 23 on the libraries of Maven 3 make the JVM print warnings, which are not Maven's answer. */
    private static final String QUIET_MAVEN = Runtime.version().feature() < 23
            ? ""
            : " --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED";

    private static final Path TOP = Path.of("../..").toAbsolutePath().normalize();
    private static final Path README = TOP.resolve("README.md");
    private static final List<Integer> PORTS = List.of(8098, 8099, 8880);
    private static final String EVENTUALLY = """
            #!/bin/sh
            # Tries a command, ten times a second for a minute, until it succeeds.
            tries=600
            until "$@"; do
                tries=$((tries - 1))
                [ $tries -gt 0 ] || { echo "not within a minute: $*"; exit 1; }
                sleep 0.1
            done
            """;

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Stream.concat(Stream.of(README), Files.walk(TOP.resolve("docs")))) {
            return files.filter(path -> path.toString().endsWith(".md") && !path.toString().contains("/target/"))
                    .filter(path -> !commands(path).isEmpty()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldDoWhatThePageSays(Path page) throws Exception {
        if (!ConsoleSession.hasOwnNetwork()) {
            for (int port : PORTS) {
                assertFree(port, page);
            }
        }
        Path directory = prepare(page);
        Map<String, String> environment = Map.of(
                "PATH", directory.resolveSibling("bin") + ":" + Product.HOME.resolve("bin") + ":" + System.getenv("PATH"),
                "HOME", directory.toString(),
                "BOLIDE_BASE", page.equals(README) ? directory + "/base" : "",
                "MAVEN_OPTS", "-Dmaven.repo.local=" + directory.resolveSibling("repository") + QUIET_MAVEN);
        try (ConsoleSession session = new ConsoleSession(directory, environment)) {
            for (ConsolePage.Command command : commands(page)) {
                if (command.atPrompt() && !Archive.SHELL_RUNS) {
                    System.out.println("not run: " + page + ":" + command.line() + ": Karaf's shell does not run on this Java");
                } else if (isThere(command.needs())) {
                    type(session, page, command, directory);
                }
            }
            session.terminate().forEach((command, result) -> assertEquals(0, result.exit(),
                    page + ": at the end of the page SIGTERM ended it with this status: " + command + "\n" + result.output()));
        }
    }

    private static void type(ConsoleSession session, Path page, ConsolePage.Command command, Path directory) throws Exception {
        if (command.inBackground()) {
            session.start(command.text());
            return;
        }
        ConsoleSession.Result result = session.run(command.script());
        if (result.exit() != 0 || !command.prints(result.output())) {
            throw new AssertionError("%s:%d: $ %s%nexpected, with status 0:%n%s%nactual, with status %d:%n%s%nIt ran in %s".formatted(
                    page, command.line(), command.text(), String.join("\n", command.expected()), result.exit(),
                    result.output(), directory));
        }
    }

    /** A folder for the page, with the archive and the examples, or for the README with the checkout's folders. */
    private static Path prepare(Path page) throws IOException {
        Path around = Path.of("target/pages", page.getFileName().toString().replace(".md", "")).toAbsolutePath();
        if (Files.exists(around)) {
            try (Stream<Path> files = Files.walk(around)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Path directory = Files.createDirectories(around.resolve("directory"));
        script(around.resolve("bin/eventually"), EVENTUALLY);
        Maven.link(around.resolve("repository"));
        if (page.equals(README)) {
            for (String folder : List.of("docs", "karaf-distribution")) {
                Files.createSymbolicLink(directory.resolve(folder), TOP.resolve(folder));
            }
        } else {
            Files.createSymbolicLink(directory.resolve(Archive.file().getFileName()), Archive.file());
            copy(TOP.resolve("docs/examples"), directory);
        }
        return directory;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(f -> !f.equals(from) && !(f + "/").contains("/target/")).toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static void script(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        if (!path.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + path);
        }
    }

    private static boolean isThere(String program) {
        try {
            return program.isEmpty() || Files.exists(Tools.find(program));
        } catch (TestAbortedException absent) {
            return false; // Tools has said so
        }
    }

    private static void assertFree(int port, Path page) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
            assertEquals(port, socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError("the commands of %s use port %d, on which something listens already: stop it, or let the user have network namespaces (unshare --user --net)"
                    .formatted(page, port), e);
        }
    }

    private static List<ConsolePage.Command> commands(Path page) {
        try {
            return ConsolePage.read(page).commands();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
