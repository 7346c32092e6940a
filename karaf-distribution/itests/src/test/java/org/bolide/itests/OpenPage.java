package org.bolide.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.bolide.benchmarks.page.Browser;
import org.bolide.testkit.SampleEvents;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A broker with its page, and a browser to look at it. */
final class OpenPage implements AutoCloseable {

    /** The sign that says in words that the page is live. */
    static final String LIVE = "#live[data-state=live]";
    /** The rows of the list of events. */
    static final String ROWS = "#events tr";

    private static final AtomicInteger GIVEN = new AtomicInteger();

    final Browser browser;
    final Broker broker;
    private final String[] options;
    private final int port;

    OpenPage(Path directory, String... options) throws IOException {
        this.options = options;
        broker = new Broker(directory);
        browser = Browser.start(directory);
        try {
            start(0);
            String line = broker.awaitLog("http://127\\.0\\.0\\.1:[1-9]\\d*/");
            port = Integer.parseInt(line.replaceAll(".*http://127\\.0\\.0\\.1:(\\d+)/.*", "$1"));
        } catch (AssertionError | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void start(int webPort) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--web";
        all[options.length + 1] = "--web-port=" + webPort;
        broker.startBoth(all);
    }

    /** Starts the broker again where it was. */
    void startAgain() {
        start(port);
    }

    String address() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Opens a view of the page. */
    void go(String view) {
        browser.open(address() + "#/" + view);
        browser.see("main h1");
    }

    /** Opens the first view and waits until it is live. */
    void goLive() {
        go("");
        browser.see(LIVE);
    }

    /** Submits an event as an author does. */
    void accepted(byte[] event) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, event);
        assertTrue(answer.contains("role=\"ack\""), answer);
    }

    /** An observation or another, which has a position, of this name. */
    static byte[] event(String name, String role, double longitude, double latitude) {
        return with(SampleEvents.event("ivo://test.author/page#" + name).role(role).param("signal", "12.5"), """
                <WhereWhen><ObsDataLocation><ObservatoryLocation id="GEOLUN"/><ObservationLocation><AstroCoordSystem id="UTC-ICRS-GEO"/>
                  <AstroCoords coord_system_id="UTC-ICRS-GEO"><Time unit="s"><TimeInstant><ISOTime>2026-03-20T11:58:30</ISOTime></TimeInstant></Time>
                  <Position2D unit="deg"><Name1>RA</Name1><Name2>Dec</Name2><Value2><C1>%s</C1><C2>%s</C2></Value2><Error2Radius>2</Error2Radius></Position2D>
                  </AstroCoords></ObservationLocation></ObsDataLocation></WhereWhen>
                """.formatted(longitude, latitude));
    }

    /** A test without a position that cites another one of this kind. */
    static byte[] citing(String name, String cited) {
        return with(SampleEvents.event("ivo://test.author/page#" + name),
                "<Citations><EventIVORN cite=\"followup\">ivo://test.author/page#" + cited + "</EventIVORN></Citations>\n");
    }

    private static byte[] with(SampleEvents.Builder event, String part) {
        return event.toString().replace("  <Description>", part + "  <Description>").getBytes(StandardCharsets.UTF_8);
    }

    /** A name that no other event and no other filter has. */
    static String name() {
        return "n" + GIVEN.incrementAndGet();
    }

    @Override
    public void close() {
        browser.close();
        broker.close();
    }
}
