package org.bolide.itests;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.sun.tools.attach.VirtualMachine;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.Tools;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Metrics and health of the product, with all its parts, as Prometheus and an operator read them. */
class MetricsProcessIT {

    private static final Path PAGE = Path.of("../../docs/metrics.md");
    private static final Duration SECONDS = Duration.ofSeconds(20);
    private static final String LISTENER = "name-of-mine";

    @TempDir
    Path directory;

    private Broker broker;
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        broker = new Broker(directory.resolve("watched"));
        port = Product.freePort();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void configure(String example) throws IOException {
        Path etc = Files.createDirectories(broker.base.resolve("etc"));
        Files.copy(Product.HOME.resolve("etc").resolve(example + ".example"), etc.resolve(example));
    }

    private static byte[] event(String name) {
        return SampleEvents.event("ivo://test.author/metrics#" + name).bytes();
    }

    @Test
    void shouldTellWhatWasDone() throws Exception {
        configure("org.bolide.rules.accept~no-tests.cfg.json");
        configure("org.bolide.vocabulary.xml~clacks.cfg.json");
        Files.writeString(broker.base.resolve("etc/org.bolide.transport.broadcaster~" + LISTENER + ".cfg.json"),
                "{\"port\": " + broker.broadcastPort + ", \"testIntervalSeconds\": 0}");
        Path schemas = Files.createDirectories(broker.base.resolve("etc/clacks"));
        try (var files = Files.list(Product.HOME.resolve("etc/clacks"))) {
            for (Path file : files.toList()) {
                Files.copy(file, schemas.resolve(file.getFileName()));
            }
        }
        try (Broker upstream = new Broker(directory.resolve("upstream")).startBoth()) {
            broker.start("--local-ivo=" + Broker.IVOID, "--receive", "--receive-port=" + broker.receivePort, "--remote=localhost:" + upstream.broadcastPort,
                    "--metrics", "--metrics-port=" + port, "--print-event");
            broker.awaitLog("Bolide runs");
            broker.awaitLog("subscription.*connected to");
            assertEquals(200, Scrape.get(port, "/health/ready").statusCode());

            try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
                subscriber.filters("//Param[@name='none'] or true()");
                broker.awaitLog(subscriber.localPort() + " asks for");
                for (int n = 0; n < 5; n++) {
                    assertTrue(RelayProcessIT.submit(broker.receivePort, event("a" + n)).contains("role=\"ack\""));
                    subscriber.takeEvent();
                }
                RelayProcessIT.submit(broker.receivePort, event("a0"));
                RelayProcessIT.submit(broker.receivePort, "<VOEvent".getBytes());
                RelayProcessIT.submit(upstream.receivePort, SampleEvents.event("ivo://test.author/metrics#denied").role("test").bytes());
                RelayProcessIT.submit(upstream.receivePort, SampleEvents.event("ivo://test.author/metrics#up").role("observation").bytes());
                subscriber.takeEvent();

                checkNumbers(upstream);
            }
            checkPage();
            checkWithPromtool(Scrape.of(port).text());
        }
    }

    private void checkNumbers(Broker upstream) throws Exception {
        Map<String, Double> expected = new LinkedHashMap<>();
        expected.put("bolide_events_total{result=\"accepted\"}", 6.0);
        expected.put("bolide_events_total{result=\"duplicate\"}", 1.0);
        expected.put("bolide_events_total{result=\"refused\"}", 2.0);
        expected.put("bolide_events_refused_total{reason=\"rule\"}", 1.0);
        expected.put("bolide_rule_decisions_total{decision=\"denied\",kind=\"accept\",rule=\"no-tests\"}", 1.0);
        expected.put("bolide_events_refused_total{reason=\"malformed\"}", 1.0);
        expected.put("bolide_receiver_events_total{receiver=\"" + broker.receivePort + "\",result=\"accepted\"}", 5.0);
        expected.put("bolide_deliveries_total{broadcaster=\"" + LISTENER + "\"}", 6.0);
        expected.put("bolide_acknowledgements_total{broadcaster=\"" + LISTENER + "\"}", 6.0);
        expected.put("bolide_unacknowledged_events{broadcaster=\"" + LISTENER + "\"}", 0.0);
        expected.put("bolide_deliver_seconds_count{broadcaster=\"" + LISTENER + "\"}", 6.0);
        expected.put("bolide_clients{component=\"broadcaster." + LISTENER + "\",role=\"subscriber\"}", 1.0);
        expected.put("bolide_remote_connected{remote=\"localhost-" + upstream.broadcastPort + "\"}", 1.0);
        expected.put("bolide_remote_events_total{remote=\"localhost-" + upstream.broadcastPort + "\",result=\"accepted\"}", 1.0);
        expected.put("bolide_lane_events_total{handler=\"print-event\",result=\"done\"}", 6.0);
        expected.put("bolide_lane_lag_events{handler=\"print-event\"}", 0.0);
        expected.put("bolide_log_events", 6.0);
        expected.put("bolide_ready", 1.0);
        await("the figures").atMost(SECONDS).untilAsserted(() -> {
            Scrape now = Scrape.of(port);
            Map<String, Double> shown = new LinkedHashMap<>();
            expected.keySet().forEach(series -> shown.put(series, now.value(series)));
            assertEquals(expected, shown);
        });
        assertTrue(Scrape.of(port).value("bolide_admit_seconds_count") >= 6);
        checkByJmx();
    }

    /** As jconsole does it: by attaching, without any port of the broker's. */
    private void checkByJmx() throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(broker.pid()));
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            assertEquals(6.0, beans.getAttribute(new ObjectName("org.bolide:type=Metrics,name=bolide_events_total"), "result=accepted"));
            assertEquals(6L, beans.getAttribute(new ObjectName("org.bolide:type=Metrics,name=bolide_deliver_seconds"),
                    "broadcaster=" + LISTENER + " Count"));
        } finally {
            machine.detach();
        }
    }

    /** docs/metrics.md describes what is shown, and what it describes is shown. */
    private void checkPage() throws Exception {
        Set<String> described = new TreeSet<>();
        Set<String> onlySometimes = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.matches("\\| `(bolide|jvm|process|system)_.*")) {
                String[] cells = line.split("\\|");
                String metric = cells[1].replace("`", "").strip() + " " + cells[2].strip();
                described.add(metric);
                if (line.contains("There once") || metric.startsWith("bolide_other")) {
                    onlySometimes.add(metric);
                }
            }
        }
        Set<String> always = new TreeSet<>(described);
        always.removeAll(onlySometimes);
        await("all metrics").atMost(SECONDS).untilAsserted(() -> {
            Set<String> shown = Scrape.of(port).types();
            assertEquals("", missing(always, shown), "described in " + PAGE + " and not shown");
            assertEquals("", missing(shown, described), "shown and not described in " + PAGE);
        });
        String text = Scrape.of(port).text();
        assertEquals("", text.lines().filter(line -> line.startsWith("bolide_other")).collect(Collectors.joining("\n")),
                "counted in the product and not in the table of org.bolide.metrics.CounterTable");
        assertEquals(0, Scrape.of(port).value("bolide_scrape_failures_total"));
    }

    private static String missing(Set<String> of, Set<String> in) {
        return of.stream().filter(metric -> !in.contains(metric)).collect(Collectors.joining("\n"));
    }

    private void checkWithPromtool(String text) throws Exception {
        String promtool = Tools.find("promtool").toString();
        Process check = new ProcessBuilder(promtool, "check", "metrics").redirectErrorStream(true).start();
        try (var in = check.getOutputStream()) {
            in.write(text.getBytes());
        }
        String said = new String(check.getInputStream().readAllBytes());
        assertTrue(check.waitFor(20, TimeUnit.SECONDS));
        assertEquals("0", check.exitValue() + said);

        String rules = Files.readString(PAGE).replaceFirst("(?s).*```yaml\\n(groups:.*?)```.*", "$1");
        Path file = Files.writeString(directory.resolve("rules.yml"), rules);
        assertEquals(0, new ProcessBuilder(promtool, "check", "rules", file.toString()).inheritIO().start().waitFor());
    }

    @Test
    void shouldNotBeReadyWhileTheDiskTakesNothing() throws Exception {
        broker.startBoth("--metrics", "--metrics-port=" + port);
        broker.awaitLog("Bolide runs");
        assertEquals(200, Scrape.get(port, "/health/ready").statusCode());

        limitFiles("1");
        try (VtpPeer author = VtpPeer.connect(broker.receivePort)) {
            author.send(event("no-disk"));
            HttpResponse<String> answer = await("not ready").atMost(SECONDS)
                    .until(() -> Scrape.get(port, "/health/ready"), health -> health.statusCode() == 503);
            assertTrue(answer.body().contains("\"weight\": \"not-ready\", \"subject\": \"log\""), answer.body());
            assertEquals(200, Scrape.get(port, "/health/live").statusCode());
        }

        limitFiles("unlimited");
        await("ready again").atMost(SECONDS).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            try (VtpPeer author = VtpPeer.connect(broker.receivePort)) {
                author.send(event("disk")).readText();
            }
            return Scrape.get(port, "/health/ready").statusCode() == 200;
        });
    }

    private void limitFiles(String bytes) throws Exception {
        Process prlimit = new ProcessBuilder(Tools.find("prlimit").toString(), "--pid=" + broker.pid(), "--fsize=" + bytes + ":unlimited")
                .inheritIO().start();
        assertEquals(0, prlimit.waitFor());
    }
}
