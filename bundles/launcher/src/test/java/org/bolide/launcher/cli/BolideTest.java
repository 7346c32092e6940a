package org.bolide.launcher.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.launcher.Fixture;
import org.bolide.launcher.configuration.RunFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BolideTest {

    private static final String PROCESS = "4242424242";

    @TempDir
    private Path folder;

    private Path home;
    private Path caller;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void install() throws IOException {
        folder = folder.toRealPath();
        home = Fixture.installation(folder.resolve("the home"));
        caller = Files.createDirectories(folder.resolve("caller's place"));
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new Bolide(home, caller, environment, new PrintStream(out, true, UTF_8))
                .run(List.of(arguments), PROCESS, new PrintStream(err, true, UTF_8));
    }

    private RunFile started(String... arguments) throws IOException {
        assertEquals(0, run(arguments), () -> err.toString(UTF_8));
        return RunFile.read(Path.of(lines().get(3)));
    }

    private void fails(int status, String message, String... arguments) {
        assertEquals(status, run(arguments), () -> out.toString(UTF_8));
        assertEquals("bolide: " + message, err.toString(UTF_8).strip());
        assertEquals("", out.toString(UTF_8));
    }

    private List<String> lines() {
        return out.toString(UTF_8).lines().toList();
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(home.resolve("etc").resolve(name), content);
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    @Test
    void shouldHandOverTheFormOfTheLog() throws IOException {
        started("--receive", "--receive-port=0", "--local-ivo=ivo://org.example/b", "--log-format=json");
        assertEquals("json", lines().get(7));

        assertEquals(64, run("--receive", "--local-ivo=ivo://org.example/b", "--log-format=xml"));
        assertEquals("bolide: --log-format: \"xml\" is neither text nor json\n", err.toString(UTF_8));
    }

    @Test
    void shouldShowMetricsAtAPort() throws IOException {
        RunFile run = started("--receive", "--receive-port=0", "--local-ivo=ivo://org.example/b", "--metrics", "--metrics-port=0");

        assertEquals("{port=0}", run.settings().get("org.bolide.metrics~0").toString());
    }

    @Test
    void shouldShowNoMetricsForACommand() throws IOException {
        RunFile run = started("--metrics", "--for-command=1");

        assertTrue(run.settings().keySet().stream().noneMatch(id -> id.startsWith("org.bolide.metrics")), run.settings().toString());
    }

    @Test
    void shouldShowThePageWhereAskedTo() throws IOException {
        RunFile run = started("--receive", "--receive-port=0", "--local-ivo=ivo://org.example/b", "--web");
        assertEquals("{}", run.settings().get("org.bolide.web").toString());
        assertTrue(run.expected().contains("org.bolide.web"));
        assertTrue(!started("--receive", "--receive-port=0", "--local-ivo=ivo://org.example/b").expected().contains("org.bolide.web"));

        run = started("--receive", "--receive-port=0", "--local-ivo=ivo://org.example/b", "--web", "--web-port=0", "--web-address=");
        assertEquals("{port=0, address=}", run.settings().get("org.bolide.web").toString());
    }

    @Test
    void shouldSayThatThePagesPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(1, run("--web", "--web-port=" + taken.getLocalPort()));
            assertTrue(err.toString(UTF_8).contains("cannot listen on port " + taken.getLocalPort() + " of address 127.0.0.1 (--web-port="), err.toString(UTF_8));
        }
        assertEquals(64, run("--web", "--web-port=high"));
    }

    @Test
    void shouldTakeCommandsBySshWhereAskedTo() throws IOException {
        RunFile run = started("--receive", "--receive-port=0", "--local-ivo=ivo://org.example/b", "--ssh", "--ssh-port=0");

        assertEquals("{port=0}", run.settings().get("org.bolide.ssh~0").toString());
    }

    @Test
    void shouldTakeNoneBySshDuringACommand() throws IOException {
        RunFile run = started("--ssh", "--for-command=1");

        assertTrue(run.settings().keySet().stream().noneMatch(id -> id.startsWith("org.bolide.ssh")), run.settings().toString());
    }

    @Test
    void shouldMakeConfigurationsOfOptions() throws IOException {
        String port = freePort();
        RunFile run = started("--receive=tcp:" + port + ":interface=127.0.0.1", "--local-ivo=ivo://org.example/b",
                "--remote=[::1]:8800", "--remote=a.example.org", "--filter=//a[@b=\"c d\"]", "--eventdb=db", "--save-event",
                "--author-allow=127.0.0.0/8");
        assertEquals(
                Map.of("port", Long.valueOf(port), "address", "127.0.0.1", "allow", List.of("127.0.0.0/8")),
                run.settings().get("org.bolide.transport.receiver~127.0.0.1-" + port));
        assertEquals(Map.of("host", "::1", "port", 8800L, "filters", List.of("//a[@b=\"c d\"]")),
                run.settings().get("org.bolide.transport.subscription~__1-8800"));
        assertEquals(Map.of("host", "a.example.org", "port", 8099L, "filters", List.of("//a[@b=\"c d\"]")),
                run.settings().get("org.bolide.transport.subscription~a.example.org-8099"));
        assertEquals(Map.of("localIvoid", "ivo://org.example/b"), run.settings().get("org.bolide.transport"));
        assertEquals(Map.of("directory", caller.resolve("db").toString()), run.settings().get("org.bolide.eventstore"));
        assertEquals(Map.of("directory", caller.toString()), run.settings().get("org.bolide.handler.saveevent~save-event"));
        assertTrue(run.expected().containsAll(run.settings().keySet()));
        assertEquals(List.of(), run.notes());
    }

    @Test
    void shouldHandOverToTheScript() throws IOException {
        started("--remote=a", "-vv", "--logfile=my log");
        assertEquals(List.of("run", Integer.toString(Runtime.version().feature()), home.toString(),
                home.resolve("data/run/" + PROCESS + ".json").toString(), "TRACE", caller.resolve("my log").toString(), "daemon", ""), lines());
        started("--remote=a", "-q");
        assertEquals("WARN", lines().get(4));
        started("--remote=a");
        assertEquals("run", lines().get(0));
        assertEquals(List.of("", "", "daemon"), lines().subList(4, 7));
    }

    @Test
    void shouldHandTheTerminalOverWhereKarafsShellRuns() throws IOException, Exit {
        Preflight.console(22);
        assertThrows(Exit.class, () -> Preflight.console(23));
        if (Runtime.version().feature() < 23) {
            started("--remote=a", "--console");
            assertEquals("console", lines().get(6));
        } else {
            fails(Exit.USAGE, "--console: Karaf's shell runs on Java 17 to 22, and this is Java " + Runtime.version().feature()
                    + "; for this run, set JAVA_HOME to such a one", "--remote=a", "--console");
        }
    }

    @Test
    void shouldLetOptionsWinOverFilesAndSaySo() throws IOException {
        String port = freePort();
        file("org.bolide.eventstore.cfg", "directory = y\nkeepDays = 5\n");
        file("org.bolide.transport.cfg", "localIvoid = ivo://org.example/file\n");
        file("org.bolide.transport.receiver~public.cfg.json", "{ \"port\": " + port + " }");
        file("org.bolide.handler.saveevent~mine.cfg.json", "{ \"directory\": \"saved\" }");
        RunFile run = started("--receive=" + port, "--whitelist=10.0.0.0/8", "--eventdb=/x", "--save-event",
                "--save-event-filter=//a");
        assertEquals(Map.of("allow", List.of("10.0.0.0/8")), run.settings().get("org.bolide.transport.receiver~public"));
        assertEquals(Map.of("handler.filter", "//a"), run.settings().get("org.bolide.handler.saveevent~mine"));
        assertEquals(List.of("--eventdb=/x wins over directory = y in etc/org.bolide.eventstore.cfg for this run"), run.notes());
        assertEquals(List.of("org.bolide.eventstore", "org.bolide.handler.saveevent~mine", "org.bolide.transport",
                "org.bolide.transport.receiver~public"), run.expected());
    }

    @Test
    void shouldSetWhatFilesListenOnWhenNoRoleIsGivenByOption() throws IOException {
        String port = freePort();
        file("org.bolide.transport.receiver~public.cfg.json", "{ \"port\": 8098, \"allow\": [\"10.0.0.0/8\"] }");
        file("org.bolide.transport.cfg", "localIvoid = ivo://org.example/file\n");
        RunFile run = started("--receive-port=" + port, "--author-allow=192.0.2.1/32");
        assertEquals(List.of(
                "--receive-port=" + port + " wins over port = 8098 in etc/org.bolide.transport.receiver~public.cfg.json for this run",
                "--author-allow=192.0.2.1/32 wins over allow = 10.0.0.0/8 in etc/org.bolide.transport.receiver~public.cfg.json for this run"),
                run.notes());
    }

    @Test
    void shouldSayWhichOptionsHaveNoEffect() throws IOException {
        RunFile run = started("--remote=a", "--receive-port=9", "--subscriber-allow=::1/128", "--save-event-directory=x");
        assertEquals(List.of("--receive-port has no effect without --receive",
                "--subscriber-allow has no effect without --broadcast",
                "--save-event-directory has no effect without --save-event"), run.notes());
    }

    @Test
    void shouldGiveEachCommandALaneThatKeepsItsName() throws IOException {
        RunFile run = started("--remote=a", "--cmd=./do it", "--cmd=cat", "--cmd=cat", "--exec-time-limit-seconds=7");
        String lane = Planner.laneOf("./do it");
        assertTrue(lane.startsWith("exec-do-"), lane);
        assertEquals(Map.of("handler.name", lane, "command", "./do it", "timeLimitSeconds", 7L,
                "workingDirectory", caller.toString()), run.settings().get("org.bolide.handler.exec~" + lane));
        assertEquals(3, run.settings().keySet().stream().filter(id -> id.startsWith("org.bolide.handler.exec~")).count());
        assertEquals("exec-cat-9e5e43a8", Planner.laneOf("cat"));
    }

    @Test
    void shouldRefuseWrongUse() throws IOException {
        fails(64, "a broker that receives or broadcasts needs an identifier: give it by --local-ivo=ivo://AUTHORITY/NAME,"
                + " such as ivo://org.example/broker, or as localIvoid in etc/org.bolide.transport.cfg", "--receive=0");
        fails(64, "--local-ivo: \"ivo://ab/c\" is no IVOID: its authority \"ab\" must be at least 3 characters, begin with a"
                + " letter or digit, and have only letters, digits and . _ - ~ * ' ( )", "--receive=0", "--local-ivo=ivo://ab/c");
        fails(64, "--receive: \"x\" is not a port: a port is a number from 0 to 65535", "--receive=x");
        fails(64, "--broadcast-test-interval=-1: must be a whole number, at least 0, not \"-1\"",
                "--broadcast=0", "--broadcast-test-interval=-1");
        fails(64, "--print-event-output=x: must be auto, stdout or log, not \"x\"",
                "--remote=a", "--print-event", "--print-event-output=x");
        fails(64, "--exec: the key \"command\" is missing; it must be text. The program and its arguments.",
                "--remote=a", "--exec");
    }

    @Test
    void shouldSayHowToBeginWhenThereIsNothingToDo() {
        assertEquals(64, run("--print-event"));
        String text = err.toString(UTF_8);
        assertTrue(text.startsWith("bolide: nothing to do: no option asks for a role, and " + home.resolve("etc")), text);
        assertTrue(text.contains("  bolide --remote=voevent.example.org --print-event\n"), text);
        text.lines().forEach(line -> assertTrue(line.length() <= 100 || line.contains(home.toString()), line));
    }

    @Test
    void shouldRunWhatFilesSay() throws IOException {
        file("org.bolide.transport.subscription~a.cfg.json", "// the one\n{ \"host\": \"a.example.org\" }\n");
        RunFile run = started();
        assertEquals(List.of("org.bolide.eventstore", "org.bolide.transport", "org.bolide.transport.subscription~a"), run.expected());
        assertEquals(Map.of("org.bolide.eventstore", Map.of(), "org.bolide.transport", Map.of()), run.settings());
    }

    @Test
    void shouldListAllThatIsWrongWithFiles() throws IOException {
        file("org.bolide.eventstore.cfg", "directry = y\nkeepDays = soon\n");
        file("org.bolide.transport.receiver-public.cfg", "port = 1\n");
        file("org.bolide.trnasport.cfg", "");
        fails(78, """
                the configuration is wrong, and nothing was started:
                  etc/org.bolide.eventstore.cfg: unknown key "directry". Did you mean "directory"?
                  etc/org.bolide.eventstore.cfg: "keepDays" must be a whole number from 0 to 36500, not "soon"
                  etc/org.bolide.transport.receiver-public.cfg: is not read under this name: call it\
                 org.bolide.transport.receiver~public.cfg.json (JSON)
                  etc/org.bolide.trnasport.cfg: no installed bundle knows the PID org.bolide.trnasport.\
                 Did you mean org.bolide.transport?""", "--remote=a");
    }

    @Test
    void shouldTakeAnEmptyIvoidForNone() throws IOException {
        file("org.bolide.transport.cfg", "localIvoid =\n");
        started("--remote=a.example.org");
        assertEquals(64, run("--receive"));
        assertTrue(err.toString(UTF_8).contains("needs an identifier"), err.toString(UTF_8));
    }

    @Test
    void shouldNameTheFileOfAnIvoidThatIsWrong() throws IOException {
        file("org.bolide.transport.cfg", "localIvoid = broker\n");
        fails(78, "localIvoid in etc/org.bolide.transport.cfg: \"broker\" is no IVOID: it must begin with ivo:// and go on with"
                + " an authority and a name, as in ivo://org.example/broker", "--receive=0");
    }

    @Test
    void shouldRefuseAPortInUseAndNameTheSetting() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            fails(1, "cannot listen on port " + port + " of address 127.0.0.1 (--receive=tcp:" + port
                            + ":interface=127.0.0.1): Address already in use",
                    "--receive=tcp:" + port + ":interface=127.0.0.1", "--local-ivo=ivo://org.example/b");
            file("org.bolide.transport.receiver~public.cfg.json",
                    "{ \"port\": " + port + ", \"address\": \"127.0.0.1\" }");
            fails(1, "cannot listen on port " + port + " of address 127.0.0.1 (port in"
                            + " etc/org.bolide.transport.receiver~public.cfg.json): Address already in use",
                    "--local-ivo=ivo://org.example/b");
        }
    }

    @Test
    void shouldRefuseTwoListenersOnOnePort() throws IOException {
        String port = freePort();
        fails(1, "two listeners on port " + port + ": --receive=" + port + ", and --broadcast=" + port,
                "--receive=" + port, "--broadcast=" + port, "--local-ivo=ivo://org.example/b");
    }

    @Test
    void shouldRefusePlacesThatCannotBe() throws IOException {
        Path plain = Files.writeString(caller.resolve("plain"), "x");
        fails(1, "--eventdb=" + plain + ": " + plain + " is not a directory", "--remote=a", "--eventdb=plain");
        fails(1, "--logfile: " + caller + " is a directory", "--remote=a", "--logfile=.");
        fails(1, "--pidfile: " + plain + " is there and no file of a process's id", "--remote=a", "--pidfile=plain");
        long self = ProcessHandle.current().pid();
        Files.writeString(plain, self + "\n");
        fails(1, "--pidfile: " + plain + " says that process " + self + " runs; stop it, or remove the file if it is not a broker",
                "--remote=a", "--pidfile=plain");
        fails(1, "--base: " + plain + " is not a directory", "--remote=a", "--base=plain");
    }

    @Test
    void shouldTakeOverThePidFileOfAProcessThatIsGone() throws IOException {
        Path file = Files.writeString(caller.resolve("b.pid"), "999999999999\n");
        assertEquals(Optional.of(file), started("--remote=a", "--pidfile=b.pid").pidFile());
    }

    @Test
    void shouldKeepTheOperatorsFilesUnderTheBase() throws IOException {
        file("org.bolide.eventstore.cfg", "keepDays = 5\n");
        file("org.bolide.transport.receiver~public.cfg.json.example", "{}");
        file("config.properties", "karaf = x\n");
        Path base = caller.resolve("my base");
        started("--remote=a", "--base", "my base");
        assertEquals(base.toString(), lines().get(2));
        assertTrue(Files.exists(base.resolve("etc/org.bolide.eventstore.cfg")));
        assertTrue(Files.exists(base.resolve("deploy")));
        assertFalse(Files.exists(base.resolve("etc/config.properties")));

        // The operator's edits stay; examples are the new release's.
        Files.writeString(base.resolve("etc/org.bolide.eventstore.cfg"), "keepDays = 6\n");
        file("org.bolide.transport.receiver~public.cfg.json.example", "{ /* new */ }");
        environment.put("BOLIDE_BASE", base.toString());
        started("--remote=a");
        assertEquals("keepDays = 6\n", Files.readString(base.resolve("etc/org.bolide.eventstore.cfg")));
        assertEquals("{ /* new */ }", Files.readString(base.resolve("etc/org.bolide.transport.receiver~public.cfg.json.example")));
    }

    @Test
    void shouldKnowTheHandlersInTheDeployFolder() throws IOException {
        String added = """
                <m:MetaData xmlns:m="http://www.osgi.org/xmlns/metatype/v1.4.0"><OCD id="t" name="t" description="Tells.">
                <AD id="handler.name" type="String" default="tell-me"/><AD id="loudness" type="Integer" min="1" default="3"/></OCD>
                <Designate factoryPid="com.example.tell"><Object ocdref="t"/></Designate></m:MetaData>""";
        Fixture.jar(home.resolve("deploy/tell.jar"), added.getBytes(UTF_8));
        assertEquals(0, run("--help"));
        assertTrue(out.toString(UTF_8).contains("--tell-me-loudness=N"), out.toString(UTF_8));
        RunFile run = started("--remote=a", "--tell-me", "--tell-me-loudness=11");
        assertEquals(Map.of("loudness", 11L), run.settings().get("com.example.tell~tell-me"));
    }

    @Test
    void shouldSweepAwayOldRunFiles() throws IOException {
        Path old = home.resolve("data/run/999999999.json");
        Files.createDirectories(old.getParent());
        Files.writeString(old, "{}");
        started("--remote=a");
        assertFalse(Files.exists(old));
    }

    @Test
    void shouldTellItsVersion() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString(UTF_8).startsWith("Bolide "));
    }

    @Test
    void shouldRefuseASecondBrokerInABase() throws IOException, InterruptedException {
        Path data = Files.createDirectories(home.resolve("data"));
        Path lock = Files.createFile(data.resolve("lock")); // as a broker leaves it behind that was killed
        started("--remote=a");
        Process first = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Holder.class.getName(), lock.toString()).start();
        try {
            assertEquals('!', first.getInputStream().read());
            Files.writeString(data.resolve("karaf.pid"), first.pid() + "");
            fails(1, "a broker (process %d) runs in %s already; stop it, or give this one a place of its own by --base=DIR"
                    .formatted(first.pid(), home), "--remote=a");
        } finally {
            first.destroyForcibly().waitFor();
        }
        started("--remote=a");
    }

    /** Another process, which locks a file as Karaf does and keeps it until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(arguments[0], "rw"); FileLock lock = file.getChannel().tryLock()) {
                System.out.print(lock == null ? "-" : "!");
                System.out.flush();
                System.in.read();
            }
        }
    }
}
