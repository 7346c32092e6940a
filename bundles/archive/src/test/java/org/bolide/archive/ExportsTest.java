package org.bolide.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import javax.xml.parsers.DocumentBuilderFactory;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExportsTest {

    private static final List<String> FIELDS = List.of("sequence", "ivorn", "role", "stream", "ra", "dec", "error", "time", "author_datetime", "received");

    private final MemoryBroker log = new MemoryBroker();
    private ArchiveServer server;

    @BeforeEach
    void start() throws Exception {
        SampleEvents.all().forEach(event -> ArchiveServer.read(log, event));
        server = new ArchiveServer(log);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        log.close();
    }

    private record Entry(byte[] content, long seconds) {}

    private static Map<String, Entry> untar(byte[] archive) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), new Entry(tar.readAllBytes(), entry.getLastModifiedTime().toInstant().getEpochSecond()));
            }
        }
        return entries;
    }

    private static List<Map<String, String>> rows(byte[] votable) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(votable));
        assertEquals("http://www.ivoa.net/xml/VOTable/v1.3", document.getDocumentElement().getNamespaceURI());
        NodeList fields = document.getElementsByTagName("FIELD");
        assertEquals(FIELDS, list(fields.getLength(), i -> ((Element) fields.item(i)).getAttribute("name")));
        NodeList rows = document.getElementsByTagName("TR");
        List<Map<String, String>> table = list(rows.getLength(), row -> {
            NodeList cells = ((Element) rows.item(row)).getElementsByTagName("TD");
            Map<String, String> values = new LinkedHashMap<>();
            list(cells.getLength(), i -> values.put(FIELDS.get(i), cells.item(i).getTextContent()));
            return values;
        });
        NodeList infos = document.getElementsByTagName("INFO");
        Element last = (Element) infos.item(infos.getLength() - 1);
        assertEquals("events=" + table.size(), last.getAttribute("name") + "=" + last.getAttribute("value"));
        return table;
    }

    private static <T> List<T> list(int length, IntFunction<T> item) {
        List<T> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(item.apply(i));
        }
        return list;
    }

    @Test
    void shouldWriteTheBytesAsTheyCameNewestFirst() throws Exception {
        HttpResponse<byte[]> answer = server.get("/apiv1/export.tar");
        Map<String, Entry> entries = untar(answer.body());

        assertEquals("application/x-tar", answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("attachment; filename=\"events.tar\"", answer.headers().firstValue("Content-Disposition").orElseThrow());
        List<BrokerEvent> events = log.events();
        List<String> names = List.copyOf(entries.keySet());
        assertEquals(8, names.size());
        for (int i = 0; i < 7; i++) {
            BrokerEvent event = events.get(6 - i);
            assertTrue(names.get(i).matches("events/%012d_[A-Za-z0-9._+-]{1,60}\\.xml".formatted(event.sequence())), names.get(i));
            assertArrayEquals(PacketText.bytes(event), entries.get(names.get(i)).content());
            assertEquals(event.receivedAt().getEpochSecond(), entries.get(names.get(i)).seconds());
        }
        assertEquals("events/000000000001_nasa.gsfc.gcn_SWIFT_BAT_GRB_Pos_700101-352.xml", names.get(6));
        assertEquals("events/.complete", names.get(7));
        assertEquals("7 events\n", new String(entries.get("events/.complete").content(), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldWriteASelection() throws Exception {
        assertEquals(List.of("events/000000000002_nasa.gsfc.gcn_Fermi_GBM_Flt_Pos_2026-03-15T09_26_53.58_76326.xml",
                "events/000000000001_nasa.gsfc.gcn_SWIFT_BAT_GRB_Pos_700101-352.xml", "events/.complete"),
                List.copyOf(untar(server.get("/apiv1/export.tar?role=observation&ivorn_prefix=ivo://nasa").body()).keySet()));
        assertEquals(List.of("7", "6"), rows(server.get("/apiv1/export.vot?limit=2").body()).stream().map(row -> row.get("sequence")).toList());
        assertEquals(List.of("6"), rows(server.get("/apiv1/export.vot?role=observation&limit=1").body()).stream().map(row -> row.get("sequence")).toList());
        assertEquals(List.of("events/.complete"), List.copyOf(untar(server.get("/apiv1/export.tar?dec_gt=89").body()).keySet()));
        assertEquals(List.of(), rows(server.get("/apiv1/export.vot?limit=0").body()));
    }

    @Test
    void shouldWriteNamesThatAreSafeWhateverTheIvorn() throws Exception {
        for (String ivorn : List.of("ivo://../../etc/passwd#x", "ivo://a.b/c#\n", "ivo://a.b/\\..\\c#Straße \ud83d\udd2d", "/absolute", "",
                "ivo://a.b/" + "x".repeat(500) + "#1", "ivo://a.b/" + "x".repeat(500) + "#2")) {
            ArchiveServer.read(log, SampleEvents.event(ivorn).bytes());
        }

        List<String> names = List.copyOf(untar(server.get("/apiv1/export.tar").body()).keySet());

        assertEquals(15, names.size());
        for (String name : names.subList(0, 14)) {
            assertTrue(name.matches("events/\\d{12}(_[A-Za-z0-9._+-]{1,60})?\\.xml"), name);
        }
    }

    @Test
    void shouldWriteATableOfEvents() throws Exception {
        HttpResponse<byte[]> answer = server.get("/apiv1/export.vot");
        List<Map<String, String>> rows = rows(answer.body());

        assertEquals("application/x-votable+xml", answer.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("{sequence=6, ivorn=ivo://survey.example/catot#1203180100094126017, role=observation, stream=survey.example/catot, ra=190.51, dec=-11.3, "
                + "error=5.0E-4, time=2026-03-18T10:04:48Z, author_datetime=2026-03-18T10:12:00.500Z, received="
                + log.events().get(5).receivedAt().truncatedTo(ChronoUnit.MICROS) + "}", rows.get(1).toString());
        assertEquals("{sequence=5, ivorn=ivo://broker.example/voevent-broadcast#TestEvent-2026-03-18T00:00:00, role=test, stream=broker.example/voevent-broadcast, "
                + "ra=, dec=, error=, time=, author_datetime=2026-03-18T00:00:00Z, received="
                + log.events().get(4).receivedAt().truncatedTo(ChronoUnit.MICROS) + "}", rows.get(2).toString());
    }

    @Test
    void shouldEscapeWhatATableCannotHold() throws Exception {
        ArchiveServer.read(log, SampleEvents.event("ivo://a.b/<&>\"#]]>Ä").bytes());

        assertEquals("ivo://a.b/<&>\"#]]>Ä", rows(server.get("/apiv1/export.vot?ivorn_contains=%3C%26%3E%22").body()).get(0).get("ivorn"));
    }

    /** More than a page of each size, of small and of large events; each once. */
    @Test
    void shouldWriteEveryEventOfManyPages() throws Exception {
        for (int i = 0; i < 1000; i++) {
            ArchiveServer.read(log, SampleEvents.event("ivo://a.b/c#" + i).description("x".repeat(i % 250 == 0 ? 600_000 : 10)).bytes());
        }

        List<Map<String, String>> rows = rows(server.get("/apiv1/export.vot").body());

        assertEquals(list(1007, i -> Integer.toString(1007 - i)), rows.stream().map(row -> row.get("sequence")).toList());
        assertEquals(1008, untar(server.get("/apiv1/export.tar").body()).size());
        assertEquals(999, rows(server.get("/apiv1/export.vot?limit=999").body()).size());
    }

    @Test
    void shouldLetFewExportsRunAtOnce() throws Exception {
        fill();
        HttpResponse<InputStream> first = server.open("/apiv1/export.tar");
        HttpResponse<InputStream> second = server.open("/apiv1/export.vot");

        HttpResponse<byte[]> third = server.get("/apiv1/export.tar");

        assertEquals(503, third.statusCode());
        assertEquals("60", third.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(new String(third.body(), StandardCharsets.UTF_8).contains("2 exports are running"));
        assertFalse(third.headers().firstValue("Content-Disposition").isPresent());
        assertEquals(200, server.get("/apiv1/count").statusCode());
        first.body().close();
        second.body().close();
        await().until(() -> server.get("/apiv1/export.vot?limit=1").statusCode() == 200);
    }

    @Test
    void shouldHoldNothingOfTheLogWhileAReaderIsSlow() throws Exception {
        fill();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger asking = new AtomicInteger();
        EventLog counted = log(method -> {
            asked.incrementAndGet();
            asking.incrementAndGet();
        }, method -> asking.decrementAndGet());
        try (ArchiveServer slow = new ArchiveServer(counted)) {
            slow.get("/apiv1/export.tar");
            int all = asked.getAndSet(0);
            HttpResponse<InputStream> export = slow.open("/apiv1/export.tar");
            await().during(Duration.ofMillis(500)).until(() -> asking.get() == 0);

            assertTrue(asked.get() < all, "all of the log was read for a reader that has taken nothing: " + all + " pages");
            assertEquals(308, untar(export.body().readAllBytes()).size());
            assertEquals(all, asked.get());
        }
    }

    @Test
    void shouldEndVisiblyWhenTheLogCannotBeReadOn() throws Exception {
        fill();
        CountDownLatch failing = new CountDownLatch(1);
        try (ArchiveServer flaky = new ArchiveServer(failing(failing))) {
            HttpResponse<InputStream> tar = flaky.open("/apiv1/export.tar");
            HttpResponse<InputStream> table = flaky.open("/apiv1/export.vot");
            failing.countDown();

            assertThrows(IOException.class, tar.body()::readAllBytes);
            assertThrows(IOException.class, table.body()::readAllBytes);
            await().until(() -> flaky.get("/apiv1/export.tar?limit=1").statusCode() == 503);
        }
    }

    @Test
    void shouldSayThatTheLogCannotBeRead() throws Exception {
        try (ArchiveServer broken = new ArchiveServer(failing(new CountDownLatch(0)))) {
            for (String path : List.of("count", "list/ivorn", "map/role_count", "map/authored_month_count", "packet/xml/x", "export.tar", "export.vot")) {
                HttpResponse<byte[]> answer = broken.get("/apiv1/" + path);

                assertEquals(503, answer.statusCode(), path);
                assertTrue(new String(answer.body(), StandardCharsets.UTF_8).contains("The event log cannot be read now"), path);
            }
        }
    }

    @Test
    void shouldEndItsExportsWhenItIsClosed() throws Exception {
        fill();
        HttpResponse<InputStream> running = server.open("/apiv1/export.tar");
        server.servlet.close();
        server.servlet.close();

        assertThrows(IOException.class, running.body()::readAllBytes);
    }

    /** Far more than fits into the buffers between server and client. */
    private void fill() {
        String ivorn = "ivo://a.b/" + "c".repeat(60_000) + "#";
        for (int i = 0; i < 300; i++) {
            ArchiveServer.read(log, SampleEvents.event(ivorn + i).bytes());
        }
    }

    /** The log, which cannot be read any more from then on. */
    private EventLog failing(CountDownLatch then) {
        return log(method -> {
            if (then.getCount() == 0) {
                throw new UncheckedIOException(new IOException("told to fail"));
            }
        }, method -> { });
    }

    private EventLog log(Consumer<Method> before, Consumer<Method> after) {
        return (EventLog) Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
            before.accept(method);
            try {
                return method.invoke(log, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                after.accept(method);
            }
        });
    }
}
