package org.bolide.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A handler from the archetype is built with its test, deployed, and replaced while events flow. */
class ArchetypeProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS_OF_EACH_VERSION = 20;
    private static final String PACKAGE = "org.example.alerts";

    @TempDir
    Path directory;

    private Broker broker;
    private Maven maven;
    private Path project;
    private Path table;

    @BeforeEach
    void prepare() throws IOException {
        broker = new Broker(directory);
        // Not in the temporary directory, whose removal would warn of each link.
        maven = new Maven(Files.createTempDirectory(Files.createDirectories(Path.of("target/authors").toAbsolutePath()), "author")
                .resolve("repository"));
        project = directory.resolve("send-alert");
        table = directory.resolve("table");
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldMakeAHandlerThatRunsAndCanBeReplaced() throws Exception {
        maven.run(directory, "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("archetype.version") + ":generate",
                "-DarchetypeCatalog=local", "-DarchetypeGroupId=org.bolide", "-DarchetypeArtifactId=org.bolide.handler.archetype",
                "-DarchetypeVersion=" + System.getProperty("bolide.version"), "-DgroupId=" + PACKAGE, "-DartifactId=send-alert",
                "-DclassName=SendAlert");
        String built = maven.run(project, "package");
        assertTrue(built.contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0"), built);
        deploy();
        String help = Product.run(directory, "bolide", "--base=" + broker.base, "--help").out();
        for (String option : List.of("--send-alert  ", "--send-alert-file=PATH", "--send-alert-tests", "The table, with its full path.")) {
            assertTrue(help.contains(option), option + " is not in\n" + help);
        }

        Files.writeString(Files.createDirectories(broker.base.resolve("etc")).resolve(PACKAGE + "~mine.cfg.json"),
                "{ \"handler.name\": \"alerts\", \"handler.start\": \"earliest\", \"file\": \"" + table + "\" }");
        broker.startBoth();
        AtomicBoolean finish = new AtomicBoolean();
        CompletableFuture<List<String>> author = CompletableFuture.supplyAsync(() -> submitUntil(finish));
        awaitLines("", EVENTS_OF_EACH_VERSION);

        makeAnotherVersion();
        maven.run(project, "package");
        deploy();
        awaitLines("second ", EVENTS_OF_EACH_VERSION);

        finish.set(true);
        List<String> acknowledged = author.join();
        awaitLines("", acknowledged.size());
        assertEquals(acknowledged, lines().map(line -> line.split("\t")[1]).toList(), "none lost, none twice, in order");
        assertEquals(0, broker.terminate());
    }

    /** One that writes a word more, and whose test knows it. */
    private void makeAnotherVersion() throws IOException {
        edit("src/main/java/org/example/alerts/SendAlert.java", "String line = event", "String line = \"second \" + event");
        edit("src/test/java/org/example/alerts/SendAlertTest.java", "\"1\\tivo:", "\"second 1\\tivo:");
    }

    private void edit(String file, String from, String to) throws IOException {
        String text = Files.readString(project.resolve(file));
        assertTrue(text.contains(from), from + " is not in\n" + text);
        Files.writeString(project.resolve(file), text.replace(from, to));
    }

    private void deploy() throws IOException {
        Path deploy = Files.createDirectories(broker.base.resolve("deploy"));
        Path copy = Files.copy(project.resolve("target/send-alert.jar"), directory.resolve("part"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, deploy.resolve("send-alert.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> submitUntil(AtomicBoolean finish) {
        List<String> acknowledged = new ArrayList<>();
        while (!finish.get()) {
            String ivoid = "ivo://test.author/archetype#" + (acknowledged.size() + 1);
            try {
                String answer = RelayProcessIT.submit(broker.receivePort, SampleEvents.event(ivoid).bytes());
                assertTrue(answer.contains("role=\"ack\""), answer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            acknowledged.add(ivoid);
        }
        return acknowledged;
    }

    private void awaitLines(String start, int count) {
        await(count + " lines that begin with '" + start + "'").atMost(PATIENCE)
                .until(() -> lines().filter(line -> line.startsWith(start)).count() >= count);
    }

    /** The whole lines of the table. */
    private Stream<String> lines() throws IOException {
        String text = Files.exists(table) ? Files.readString(table) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines();
    }
}
