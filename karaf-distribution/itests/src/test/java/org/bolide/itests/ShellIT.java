package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.inject.Inject;

import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.support.CommandException;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.EventIntake;
import org.bolide.api.Outcome;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

import static org.bolide.itests.Eventually.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

/** The commands, typed into a session of the product's own shell. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShellIT {
    private static final Duration SECONDS = Duration.ofSeconds(20);

    @Inject
    private BundleContext context;
    @Inject
    private EventIntake intake;
    @Inject
    private SessionFactory sessions;

    @Configuration
    public Option[] configuration() {
        return Archive.inside();
    }

    @Before
    public void awaitCommands() throws Exception {
        eventually("the commands are there", Duration.ofSeconds(60),
                () -> sessions.getRegistry().getCommand("bolide", "filters") != null);
    }

    @Test
    public void shouldTryAFilterOnTheEventsOfTheLog() throws Exception {
        if (!hasSessions()) {
            return;
        }
        for (int i = 1; i <= 30; i++) {
            submit("trial" + i, i % 10 == 0 ? "12.5" : "17");
        }
        String[] lines = type("bolide:filter-test --matches=2 'contains(@ivorn, \"#trial\") and //Param[@name=\"magnitude\" and @value<15]'").split("\n");
        assertTrue(lines[0], lines[0].matches("3 of [0-9,]+ events in 30 days pass, the last on \\d{4}-\\d\\d-\\d\\d at \\d\\d:\\d\\d:\\d\\d UTC\\."));
        assertTrue(lines[1], lines[1].matches("Seq\\.  Received \\(UTC\\)    IVOID"));
        assertTrue(lines[2], lines[2].matches(" *\\d+  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  ivo://test\\.author/shell#trial30"));
        assertTrue(lines[3], lines[3].endsWith("ivo://test.author/shell#trial20"));
        assertEquals("and 1 older; --matches=NUMBER shows more", lines[4]);
    }

    @Test
    public void shouldTellWhyAnEventPassesOrNot() throws Exception {
        if (!hasSessions()) {
            return;
        }
        submit("bright", "12.5");
        long sequence = submit("faint", "17");
        String filter = " '//Param[@name=\"magnitude\" and @value<15]'";
        assertTrue(type("bolide:filter-explain ivo://test.author/shell#bright" + filter).contains("→ passes: "));
        assertTrue(type("bolide:filter-explain " + sequence + filter).contains("→ does not pass: "));
    }

    @Test
    public void shouldListTheFiltersInUse() throws Exception {
        if (!hasSessions()) {
            return;
        }
        String filter = "contains(@ivorn, 'listed')";
        List<String> handled = new CopyOnWriteArrayList<>();
        BrokerEventHandler handler = event -> {
            handled.add(event.header().identifier().orElse(""));
            return Outcome.DONE;
        };
        ServiceRegistration<?> registration = context.registerService(BrokerEventHandler.class, handler,
                new Hashtable<>(Map.of(BrokerEventHandler.NAME, "listing", BrokerEventHandler.FILTER, filter)));
        try {
            eventually("the filter is in use", SECONDS, () -> type("bolide:filters").contains(filter));
            submit("listed", "1");
            eventually("it has passed one", SECONDS, () -> handled.size() == 1);
            String line = type("bolide:filters").lines().filter(l -> l.endsWith(filter)).findFirst().orElseThrow();
            assertTrue(line, line.matches("xpath +\\d+ +1 +0 +0 +[0-9,.]+  .*"));
        } finally {
            registration.unregister();
        }
    }

    @Test
    public void shouldShowWhereAFilterIsWrong() {
        if (!hasSessions()) {
            return;
        }
        CommandException wrong = assertThrows(CommandException.class, () -> type("bolide:filter-test '//Param[@name='"));
        assertTrue(wrong.getNiceHelp(), wrong.getNiceHelp().startsWith("//Param[@name=\n              ^\n"));
        CommandException missing = assertThrows(CommandException.class, () -> type("bolide:filter-test //Param"));
        assertTrue(missing.getNiceHelp(), missing.getNiceHelp().contains("in single quotes"));
    }

    @Test
    public void shouldTakeCareOfTheLog() throws Exception {
        if (!hasSessions()) {
            return;
        }
        submit("care", "12.5");
        assertTrue(type("bolide:log"), type("bolide:log").startsWith("Place    SQLite, "));
        assertTrue(type("bolide:log check").startsWith("The log is in order: "));
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("karaf.base")), "care");
        assertTrue(type("bolide:log backup " + folder + "/copy.sqlite").startsWith("The log is in "));
        type("bolide:export --output=" + folder + "/events.tar.gz");
        assertTrue(type("bolide:import --quiet " + folder + "/events.tar.gz").contains(": 0 accepted, "));
        CommandException wrong = assertThrows(CommandException.class, () -> type("bolide:log backup " + folder + "/copy.sqlite"));
        assertTrue(wrong.getNiceHelp(), wrong.getNiceHelp().contains("is there already"));
    }

    @Test
    public void shouldShowTheSameAsTheMachinesOwnTerminal() throws Exception {
        if (!hasSessions()) {
            return;
        }
        submit("shown", "12.5");
        assertTrue(type("bolide:status"), type("bolide:status").lines().anyMatch(line -> line.startsWith("Events     ")));
        assertTrue(type("bolide:events --part='#shown'").contains("ivo://test.author/shell#shown"));
        assertTrue(type("bolide:events --json --part='#shown'").startsWith("["));
        assertTrue(type("bolide:events show ivo://test.author/shell#shown").contains("<Param name=\"magnitude\""));
        assertTrue(type("bolide:events show ivo://test.author/shell#shown").contains(" is remembered; all since "));
        assertTrue(type("bolide:events refused").startsWith("No event has been refused") || type("bolide:events refused").startsWith("At (UTC)"));
        assertTrue(type("bolide:clients").contains("No subscriber and no author is connected."));
        assertTrue(type("bolide:remotes").contains("This broker subscribes to no other."));
        assertTrue(type("bolide:rules").length() > 0);
        assertTrue(type("bolide:events --help").startsWith("Usage: bolide events [list]"));
        CommandException wrong = assertThrows(CommandException.class, () -> type("bolide:events --limit=many"));
        assertTrue(wrong.getNiceHelp(), wrong.getNiceHelp().startsWith("events: --limit is a whole number, not \"many\""));
    }

    @Test
    public void shouldCompleteFromTheGrammar() {
        Command events = sessions.getRegistry().getCommand("bolide", "events");
        assertTrue(events.getDescription(), events.getDescription().startsWith("the events of the log"));
        if (!hasSessions()) {
            return;
        }
        Session session = sessions.create(new ByteArrayInputStream(new byte[0]), System.out, System.err);
        try {
            List<String> candidates = new ArrayList<>();
            events.getCompleter(false).complete(session, new Typed("bolide:events", ""), candidates);
            assertEquals(List.of("list", "show", "refused"), candidates);
            candidates.clear();
            events.getCompleter(false).complete(session, new Typed("bolide:events", "list", "--role=o"), candidates);
            assertEquals(List.of("--role=observation", "--role=prediction", "--role=utility", "--role=test"), candidates);
            candidates.clear();
            events.getCompleter(false).complete(session, new Typed("bolide:log", ""), candidates);
            assertEquals(List.of(), candidates);
        } finally {
            session.close();
        }
    }

    /** A line whose last word is being typed. */
    private static final class Typed implements CommandLine {

        private final String[] words;

        Typed(String... words) {
            this.words = words;
        }

        @Override
        public int getCursorArgumentIndex() {
            return words.length - 1;
        }

        @Override
        public String getCursorArgument() {
            return words[words.length - 1];
        }

        @Override
        public int getArgumentPosition() {
            return getCursorArgument().length();
        }

        @Override
        public String[] getArguments() {
            return words;
        }

        @Override
        public int getBufferPosition() {
            return getBuffer().length();
        }

        @Override
        public String getBuffer() {
            return String.join(" ", words);
        }
    }

    @Test
    public void shouldActOnAHandlerAndSendEvents() throws Exception {
        if (!hasSessions()) {
            return;
        }
        List<Long> handled = new CopyOnWriteArrayList<>();
        BrokerEventHandler handler = event -> {
            handled.add(event.sequence());
            return Outcome.DONE;
        };
        ServiceRegistration<?> registration = context.registerService(BrokerEventHandler.class, handler,
                new Hashtable<>(Map.of(BrokerEventHandler.NAME, "acting", BrokerEventHandler.FILTER, "contains(@ivorn, 'acting')")));
        try {
            assertTrue(type("bolide:handlers pause acting").startsWith("acting stands still"));
            long sequence = submit("acting", "1");
            eventually("it is paused", SECONDS, () -> type("bolide:handlers").contains("acting: paused. "));
            assertEquals(List.of(), handled);
            assertEquals("acting goes on.\n", type("bolide:handlers resume acting"));
            eventually("it has handled it", SECONDS, () -> handled.equals(List.of(sequence)));
            assertTrue(type("bolide:handlers rewind --to=" + sequence + " acting").startsWith("acting goes on after the sequence "));
            eventually("it has handled it again", SECONDS, () -> handled.equals(List.of(sequence, sequence)));
            assertThrows(CommandException.class, () -> type("bolide:handlers skip acting"));

            Path file = Files.createTempFile(Path.of(System.getProperty("karaf.base")), "event", ".xml");
            Files.writeString(file, "no event");
            assertTrue(type("bolide:send " + file).endsWith("1 event: 0 accepted, 0 duplicate, 1 refused.\n"));
            assertEquals("There is no dead letter.\n", type("bolide:dead-letters"));
            assertTrue(type("bolide:user list").startsWith("There is no user"));
        } finally {
            registration.unregister();
        }
    }

    private boolean hasSessions() {
        if (!Archive.SHELL_RUNS) {
            assertThrows(UnsupportedOperationException.class, () -> type("bolide:filters"));
            System.out.println("not run: Karaf's shell has no sessions on Java " + Runtime.version().feature());
        }
        return Archive.SHELL_RUNS;
    }

    private String type(String command) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);
        try {
            session.execute(command);
        } finally {
            session.close();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private long submit(String name, String magnitude) throws Exception {
        byte[] event = ("<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\" version=\"2.0\" role=\"test\" "
                + "ivorn=\"ivo://test.author/shell#" + name + "\"><Who><AuthorIVORN>ivo://test.author/who</AuthorIVORN>"
                + "<Date>2026-03-20T12:00:00</Date></Who><What><Param name=\"magnitude\" value=\"" + magnitude
                + "\"/></What></voe:VOEvent>").getBytes(StandardCharsets.UTF_8);
        Receipt receipt = intake.submit(Submission.fromAuthor(ByteBuffer.wrap(event), "test")).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(receipt.toString(), Receipt.Status.ACCEPTED, receipt.status());
        return receipt.sequence();
    }
}
