package org.bolide.itests;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.inject.Inject;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Counters;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.store.DeadLetter;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import static org.bolide.itests.Eventually.eventually;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;

/** The broker's roles inside the container: each exists while its configuration or service does, and tells of itself. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RolesIT {
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final int TIMEOUT_MILLIS = 10_000;

    @Inject
    private BundleContext context;
    @Inject
    private ConfigurationAdmin admin;
    @Inject
    private EventIntake intake;
    @Inject
    private EventLog log;
    @Inject
    private Lanes lanes;
    @Inject
    private DeadLetters deadLetters;

    @org.ops4j.pax.exam.Configuration
    public Option[] configuration() {
        return Archive.inside(
                editConfigurationFilePut("etc/org.bolide.transport.cfg", "localIvoid", "ivo://test.bolide/roles"),
                editConfigurationFilePut("etc/org.bolide.broker.lanes.cfg", "retries", "0"));
    }

    /** A lane that reads has a place above 0 then. */
    @Before
    public void submitTheFirst() throws Exception {
        if (log.latest() == 0) {
            submit("first");
        }
    }

    @Test
    public void shouldReceiveAndBroadcastWhileConfigured() throws Exception {
        int receivePort = freePort();
        int broadcastPort = freePort();
        Configuration receiver = create("org.bolide.transport.receiver", Map.of("port", receivePort));
        Configuration broadcaster = create("org.bolide.transport.broadcaster", Map.of("port", broadcastPort, "testIntervalSeconds", 0));
        eventually("both listen", SECONDS, () -> find(Counters.class, "receiver.test").size() + find(Counters.class, "broadcaster.test").size() == 2);
        byte[] event = event("relayed");
        try (Socket subscriber = connect(broadcastPort); Socket author = connect(receivePort);
                EventReader reader = log.open(ReaderSpec.from(new ReaderSpec.Start.Latest()))) {
            assertTrue(text(read(subscriber)).contains("role=\"authenticate\""));
            DataOutputStream out = new DataOutputStream(author.getOutputStream());
            out.writeInt(event.length);
            out.write(event);
            assertTrue(text(read(author)).contains("role=\"ack\""));
            assertArrayEquals(event, read(subscriber));

            List<BrokerEvent> logged = reader.poll(10, 1 << 20);
            assertEquals(List.of("ivo://test.author/roles#relayed"), logged.stream().map(one -> one.header().identifier().get()).toList());
            assertEquals(log.latest(), logged.get(0).sequence());
            eventually("the event is counted", SECONDS, () -> counter("receiver.test", "events.accepted") == 1
                    && counter("broadcaster.test", "events.sent") == 1);
            List<Connection> subscribers = find(Connections.class, "broadcaster.test").get(0).connections();
            assertEquals(1, subscribers.size());
            assertEquals(Connections.Role.SUBSCRIBER, subscribers.get(0).role());
            assertTrue(subscribers.get(0).address(), subscribers.get(0).address().endsWith(":" + subscriber.getLocalPort()));

            receiver.delete();
            broadcaster.delete();
            eventually("the subscriber is disconnected", SECONDS, () -> subscriber.getInputStream().read() < 0);
            eventually("both are gone", SECONDS, () -> find(Counters.class, "receiver.test").isEmpty() && find(Connections.class, "broadcaster.test").isEmpty());
        }
    }

    @Test
    public void shouldBuryWhatAHandlerCannotHandle() throws Exception {
        ServiceRegistration<?> registration = register("failing", Map.of(), event -> {
            throw new IOException("the telescope is asleep");
        });
        try {
            submit("buried");
            eventually("a dead letter", SECONDS, () -> lane("failing").stream().anyMatch(lane -> lane.buried() == 1));
            LaneStatus lane = lane("failing").get(0);
            assertEquals(Lanes.State.RUNNING, lane.state());
            assertTrue(lane.lastFailure().toString(), lane.lastFailure().orElse("").contains("the telescope is asleep"));
            eventually("the lane has gone on", SECONDS, () -> lane("failing").get(0).lag() == 0);
            List<DeadLetter> letters = deadLetters.list(0, 10).stream().filter(letter -> letter.handler().equals("failing")).toList();
            assertEquals(1, letters.size());
            assertEquals("ivo://test.author/roles#buried", letters.get(0).identifier().get());
            assertEquals(ByteBuffer.wrap(event("buried")), letters.get(0).content());
            assertEquals(1, letters.get(0).attempts());
            assertTrue(deadLetters.drop(letters.get(0).id()));
        } finally {
            registration.unregister();
        }
    }

    @Test
    public void shouldSuspendALaneWhileItsFilterLanguageIsAway() throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        ServiceRegistration<?> registration = register("filtered", Map.of(BrokerEventHandler.FILTER, "contains(@ivorn, 'wanted')"), into(handled));
        Bundle filtering = Stream.of(context.getBundles()).filter(bundle -> "org.bolide.filtering".equals(bundle.getSymbolicName())).findFirst().get();
        try {
            submit("wanted-1");
            submit("other-1");
            eventually("the filter works", SECONDS, () -> handled.equals(List.of("wanted-1")));
            filtering.stop();
            assertEquals(Lanes.State.SUSPENDED, lane("filtered").get(0).state());
            submit("other-2");
            submit("wanted-2");
            eventually("the lane stands", SECONDS, () -> lane("filtered").get(0).lag() >= 2);
            filtering.start();
            eventually("nothing is lost, nothing else has passed", SECONDS, () -> handled.equals(List.of("wanted-1", "wanted-2")));
            assertEquals(Lanes.State.RUNNING, lane("filtered").get(0).state());
        } finally {
            filtering.start();
            registration.unregister();
        }
    }

    @Test
    public void shouldKeepThePlaceOfAHandlerThatGoesAndComes() throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        ServiceRegistration<?> first = register("coming", Map.of(), into(handled));
        submit("here");
        eventually("it is handled", SECONDS, () -> handled.equals(List.of("here")));
        first.unregister();
        assertEquals(List.of(), lane("coming"));
        submit("meanwhile");
        ServiceRegistration<?> second = register("coming", Map.of(), into(handled));
        ServiceRegistration<?> rival = register("coming", Map.of(), into(handled));
        try {
            eventually("what came meanwhile is handled", SECONDS, () -> handled.equals(List.of("here", "meanwhile")));
            assertEquals("a second one of the name waits", List.of(Lanes.State.RUNNING, Lanes.State.NAME_TAKEN),
                    lane("coming").stream().map(LaneStatus::state).sorted().toList());
            second.unregister();
            submit("taken-over");
            eventually("the second has taken over", SECONDS, () -> handled.equals(List.of("here", "meanwhile", "taken-over")));
        } finally {
            rival.unregister();
        }
        assertEquals(List.of(), lane("coming"));
    }

    private Configuration create(String pid, Map<String, Object> values) throws IOException {
        Configuration created = admin.getFactoryConfiguration(pid, "test", "?");
        created.update(new Hashtable<>(values));
        return created;
    }

    /** Registers a handler, and waits until its lane reads: from then on it gets what comes. */
    private ServiceRegistration<?> register(String name, Map<String, Object> properties, BrokerEventHandler handler) throws Exception {
        Hashtable<String, Object> all = new Hashtable<>(properties);
        all.put(BrokerEventHandler.NAME, name);
        ServiceRegistration<?> registration = context.registerService(BrokerEventHandler.class, handler, all);
        eventually("the lane " + name + " reads", SECONDS,
                () -> lane(name).stream().anyMatch(lane -> lane.place() > 0 || lane.state() == Lanes.State.NAME_TAKEN));
        return registration;
    }

    private static BrokerEventHandler into(List<String> list) {
        return event -> {
            list.add(event.header().identifier().orElse("").replaceAll(".*#", ""));
            return Outcome.DONE;
        };
    }

    private List<LaneStatus> lane(String name) {
        return lanes.lanes().stream().filter(lane -> lane.handler().equals(name)).toList();
    }

    private void submit(String number) throws Exception {
        Receipt receipt = intake.submit(Submission.fromAuthor(ByteBuffer.wrap(event(number)), "test"))
                .toCompletableFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        assertEquals(receipt.toString(), Receipt.Status.ACCEPTED, receipt.status());
    }

    private long counter(String component, String name) throws InvalidSyntaxException {
        return find(Counters.class, component).get(0).counters().get(component + "." + name);
    }

    private <T> List<T> find(Class<T> type, String component) throws InvalidSyntaxException {
        Collection<ServiceReference<T>> references = context.getServiceReferences(type, "(bolide.component=" + component + ")");
        return references.stream().map(context::getService).toList();
    }

    // The test kit does not come into the container: what is needed of VTP is little.

    private static byte[] event(String name) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\" version=\"2.0\" role=\"test\" "
                + "ivorn=\"ivo://test.author/roles#" + name + "\"><Who><AuthorIVORN>ivo://test.author/who</AuthorIVORN>"
                + "<Date>2026-03-20T12:00:00</Date></Who></voe:VOEvent>").getBytes(StandardCharsets.UTF_8);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static byte[] read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return in.readNBytes(in.readInt());
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
