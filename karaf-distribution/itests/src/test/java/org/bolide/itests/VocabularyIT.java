package org.bolide.itests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.inject.Inject;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.Submission;
import org.bolide.api.management.Counters;
import org.bolide.api.management.Lanes;
import org.bolide.api.xml.EventBuilder;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

import static org.bolide.itests.Eventually.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

/** Clacks' events by the example that the distribution ships: dropped in beside VOEvents, filtered, and changed while the broker runs. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class VocabularyIT {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final String GONICUS = "http://www.gonicus.de/Events";
    private static final String FILE = "org.bolide.vocabulary.xml~clacks.cfg.json";
    private static int submitted;

    @Inject
    private BundleContext context;
    @Inject
    private EventIntake intake;
    @Inject
    private EventLog log;
    @Inject
    private Lanes lanes;

    private Path etc;

    @org.ops4j.pax.exam.Configuration
    public Option[] configuration() {
        return Archive.inside();
    }

    @Before
    public void findTheFolder() {
        etc = Path.of(context.getProperty("karaf.base"), "etc");
    }

    @After
    public void removeTheVocabulary() throws Exception {
        Files.deleteIfExists(etc.resolve(FILE));
        eventually("the vocabulary is gone", SECONDS, () -> submit(phone("gone")).reason().contains("no vocabulary here reads"));
    }

    @Test
    public void shouldTakeEventsOfAVocabularyThatIsDroppedInAndGiveHandlersThoseTheyWant() throws Exception {
        assertEquals(Status.REFUSED, submit(phone("busy")).status());
        accept(voevent());
        dropIn();
        List<String> busy = new CopyOnWriteArrayList<>();
        List<String> observations = new CopyOnWriteArrayList<>();
        ServiceRegistration<?> first = register("busy", "xpath", "e:PhoneStatus[e:Status = 'busy']", busy);
        ServiceRegistration<?> second = register("voevents", "xpath", "@ivorn", observations);
        try {
            accept(phone("busy"));
            accept(phone("ringing"));
            accept(status("agent-1"));
            accept(voevent());
            accept(phone("busy"));
            eventually("each handler has what it wants", SECONDS, () -> busy.size() == 2 && observations.size() == 1);
            eventually("each has seen all", SECONDS, () -> lanes.lanes().stream().allMatch(lane -> lane.lag() == 0));
            assertEquals(List.of("PhoneStatus ", "PhoneStatus "), busy);
            assertEquals(List.of("test ivo://test.author/who"), observations);
        } finally {
            first.unregister();
            second.unregister();
        }
    }

    @Test
    public void shouldFilterByTheXQueryOfClacksAndByThePrefixesOfTheVocabulary() throws Exception {
        dropIn();
        List<String> documented = new CopyOnWriteArrayList<>();
        List<String> loaded = new CopyOnWriteArrayList<>();
        ServiceRegistration<?> first = register("documented", "xquery",
                "declare namespace f='http://www.gonicus.de/Events'; let $e := ./f:Event return $e/f:PhoneStatus", documented);
        ServiceRegistration<?> second = register("loaded", "xquery",
                "for $n in e:Event/e:NodeStatus where $n/e:Workers > 3 return $n/e:Id", loaded);
        try {
            accept(phone("ringing"));
            accept(status("agent-1"));
            accept(voevent());
            accept(phone("busy"));
            eventually("each has seen all", SECONDS, () -> lanes.lanes().stream().allMatch(lane -> lane.lag() == 0));
            eventually("each handler has what it wants", SECONDS, () -> documented.size() == 2 && loaded.size() == 1);
            assertEquals(List.of("PhoneStatus ", "PhoneStatus "), documented);
            assertEquals(List.of("NodeStatus agent-1"), loaded);
        } finally {
            first.unregister();
            second.unregister();
        }
    }

    @Test
    public void shouldReadTheHeaderWhereTheFileSays() throws Exception {
        dropIn();
        try (EventReader reader = log.open(ReaderSpec.from(new ReaderSpec.Start.Latest()))) {
            accept(status("agent-7"));
            List<BrokerEvent> events = reader.poll(10, 1 << 20);
            assertEquals(1, events.size());
            assertEquals(Optional.of("agent-7"), events.get(0).header().author());
            assertEquals(Optional.of("NodeStatus"), events.get(0).header().role());
            assertEquals(GONICUS, events.get(0).header().root().getNamespaceURI());
        }
    }

    @Test
    public void shouldTakeNewAndChangedSchemasAtOnceAndRefuseBrokenOnes() throws Exception {
        dropIn();
        assertTrue(submit(moved("181.5")).reason(), submit(moved("181.5")).reason().contains("TelescopeMoved"));
        Path xsd = etc.resolve("clacks/TelescopeMoved.xsd");
        try {
            save(xsd, schema("xs:double"));
            eventually("the new type is known", SECONDS, () -> submit(moved("181.5")).status() == Status.ACCEPTED);
            save(xsd, schema("xs:int"));
            eventually("the changed type is in force", SECONDS, () -> submit(moved("0.5")).reason().contains("0.5"));
            accept(moved("182"));
            save(xsd, schema("xs:interger"));
            eventually("the broken one is refused", SECONDS, () -> counters().counters().get("schemas.refused") == 1);
            accept(moved("183"));
            accept(phone("busy"));
            Files.delete(xsd);
            eventually("the type is gone", SECONDS, () -> submit(moved("184")).reason().contains("TelescopeMoved"));
            accept(phone("busy"));
        } finally {
            Files.deleteIfExists(xsd);
        }
    }

    @Test
    public void shouldKeepWhatWasInForceWhenTheFileHasAMistake() throws Exception {
        dropIn();
        String good = Files.readString(etc.resolve(FILE));
        save(etc.resolve(FILE), good.replace("*/e:Id", "*/e:Id["));
        Path marker = etc.resolve("clacks/Marker.xsd");
        try {
            save(marker, schema("xs:int").replace("TelescopeMoved", "Marker"));
            eventually("the schemas are still looked after", SECONDS, () -> submit(new EventBuilder().namespace("", GONICUS).start("Event")
                    .start("Marker").element("Azimuth", Integer.toString(++submitted)).end().end().build()).status() == Status.ACCEPTED);
            accept(status("agent-8"));
        } finally {
            Files.delete(marker);
        }
        save(etc.resolve(FILE), good.replace("*/e:Id", "*/e:Workers"));
        try (EventReader reader = log.open(ReaderSpec.from(new ReaderSpec.Start.Latest()))) {
            eventually("the corrected file is in force", SECONDS, () -> {
                accept(status("agent-9"));
                List<BrokerEvent> events = reader.poll(1000, 1 << 20);
                return events.get(events.size() - 1).header().author().equals(Optional.of("4"));
            });
        }
    }

    private void dropIn() throws Exception {
        save(etc.resolve(FILE), Files.readString(etc.resolve(FILE + ".example")));
        eventually("the vocabulary is there", SECONDS, () -> submit(phone("here")).status() == Status.ACCEPTED);
    }

    /** Registers a handler that writes down role and author, and waits until its lane reads. */
    private ServiceRegistration<?> register(String name, String language, String filter, List<String> handled) throws Exception {
        BrokerEventHandler handler = event -> {
            handled.add(event.header().role().orElse("") + " " + event.header().author().orElse(""));
            return Outcome.DONE;
        };
        ServiceRegistration<?> registration = context.registerService(BrokerEventHandler.class, handler, new Hashtable<>(Map.of(
                BrokerEventHandler.NAME, name, BrokerEventHandler.FILTER, filter, BrokerEventHandler.FILTER_LANGUAGE, language)));
        eventually("the lane " + name + " reads", SECONDS, () -> lanes.lanes().stream()
                .anyMatch(lane -> lane.handler().equals(name) && lane.state() == Lanes.State.RUNNING && lane.place() > 0));
        return registration;
    }

    private Receipt submit(ByteBuffer event) throws Exception {
        return intake.submit(Submission.fromAuthor(event, "test")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void accept(ByteBuffer event) throws Exception {
        Receipt receipt = submit(event);
        assertEquals(receipt.toString(), Status.ACCEPTED, receipt.status());
    }

    private Counters counters() throws Exception {
        Collection<ServiceReference<Counters>> found = context.getServiceReferences(Counters.class, "(bolide.component=vocabulary.clacks)");
        return context.getService(found.iterator().next());
    }

    /** Each is another one: the broker knows what it has had. */
    private static ByteBuffer phone(String status) {
        return new EventBuilder().namespace("", GONICUS).start("Event").start("PhoneStatus").element("CallerId", "0" + ++submitted)
                .element("ReceiverId", "12343424").element("Status", status).end().end().build();
    }

    private static ByteBuffer status(String node) {
        return new EventBuilder().namespace("n", GONICUS).start("n:Event").start("n:NodeStatus").element("n:Load", "0.25")
                .element("n:Latency", "0." + ++submitted).element("n:Workers", "4").element("n:Id", node).end().end().build();
    }

    private static ByteBuffer moved(String azimuth) {
        return new EventBuilder().namespace("", GONICUS).start("Event").start("TelescopeMoved").element("Azimuth", azimuth)
                .end().end().build();
    }

    private static ByteBuffer voevent() {
        return new EventBuilder().namespace("voe", "http://www.ivoa.net/xml/VOEvent/v2.0").start("voe:VOEvent").attribute("version", "2.0")
                .attribute("role", "test").attribute("ivorn", "ivo://test.author/vocabulary#" + ++submitted)
                .start("Who").element("AuthorIVORN", "ivo://test.author/who").element("Date", "2026-03-20T12:00:00").end().end().build();
    }

    private static String schema(String type) {
        return new String(new EventBuilder().namespace("xs", "http://www.w3.org/2001/XMLSchema").start("xs:schema")
                .attribute("targetNamespace", GONICUS).attribute("elementFormDefault", "qualified")
                .start("xs:element").attribute("name", "TelescopeMoved").start("xs:complexType").start("xs:sequence")
                .start("xs:element").attribute("name", "Azimuth").attribute("type", type).end().end().end().end().end()
                .toBytes(), StandardCharsets.UTF_8);
    }

    /** Saves a file as careful editors do: in one step. */
    private static void save(Path file, String content) throws IOException {
        Path partial = Files.writeString(file.resolveSibling(".partial"), content);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
