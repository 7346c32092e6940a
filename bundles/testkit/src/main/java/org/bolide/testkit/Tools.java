package org.bolide.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Programs that a test needs and a machine may not have. Where one is absent the test is not run, and the output says
 * so; in continuous integration (environment variable {@code CI=true}) that is a failure, because there everything is
 * installed.
 */
public final class Tools {

    private Tools() {
    }

    /**
     * The program's path, looked for in the given directories and then in {@code PATH}; does not return if there is
     * none.
     *
     * @param directories absolute; a last element {@code *} of the parent stands for every version, as in
     *     {@code /usr/lib/postgresql/*}{@code /bin}
     */
    public static Path find(String program, String... directories) {
        List<Path> places = new ArrayList<>();
        for (String directory : directories) {
            places.addAll(expand(directory));
        }
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(Path::of)
                .forEach(places::add);
        return places.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> absent(program, "it is neither in PATH nor in " + List.of(directories)));
    }

    /**
     * Ends the test because something is absent: throws, and so never returns; declared with a result for callers that
     * need one.
     *
     * @param name what is absent
     * @param why how that shows
     */
    public static RuntimeException absent(String name, String why) {
        String message = "not run: " + name + ": " + why;
        System.out.println(message);
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionFailedError(message + " (and CI=true: install it there)");
        }
        throw new TestAbortedException(message);
    }

    private static List<Path> expand(String directory) {
        int star = directory.indexOf("/*");
        if (star < 0) {
            return List.of(Path.of(directory));
        }
        File[] versions = new File(directory.substring(0, star)).listFiles(File::isDirectory);
        String rest = directory.substring(star + 2);
        return versions == null ? List.of() : Stream.of(versions).sorted().map(v -> Path.of(v + rest)).toList();
    }
}
