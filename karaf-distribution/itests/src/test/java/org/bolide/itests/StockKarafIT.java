package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.inject.Inject;
import javax.security.auth.Subject;

import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.Description;
import org.junit.runner.RunWith;
import org.junit.runner.Runner;
import org.junit.runner.notification.RunNotifier;
import org.junit.runners.model.InitializationError;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.karaf.options.LogLevelOption.LogLevel;
import org.ops4j.pax.exam.options.extra.VMOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

import static org.bolide.itests.Eventually.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.logLevel;

/** The broker in a Karaf as its makers ship it, installed as its operator does that: by the KAR and the shell. */
@RunWith(StockKarafIT.WhereKarafRuns.class)
@ExamReactorStrategy(PerClass.class)
public class StockKarafIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Any free port: one that was chosen beforehand might be taken while Karaf starts. */
    private static final Pattern LISTENS = Pattern.compile("authors may submit at port (\\d+)");

    @Inject
    private SessionFactory sessions;

    @Configuration
    public Option[] configuration() {
        String localRepository = "org.ops4j.pax.url.mvn.localRepository";
        return new Option[] {
            karafDistributionConfiguration().frameworkUrl(Path.of(System.getProperty("stock.karaf")).toUri().toString()).name("Apache Karaf")
                    .karafVersion(System.getProperty("karaf.version")).unpackDirectory(new File("target/exam")).useDeployFolder(false),
            keepRuntimeFolder(),
            logLevel(LogLevel.INFO),
            // As its bin/karaf starts it.
            new VMOption("--add-reads=java.xml=java.logging"),
            new VMOption("--add-exports=java.base/org.apache.karaf.specs.locator=java.xml,ALL-UNNAMED"),
            new VMOption("--patch-module=java.base=lib/endorsed/org.apache.karaf.specs.locator-" + System.getProperty("karaf.version") + ".jar"),
            new VMOption("--patch-module=java.xml=lib/endorsed/org.apache.karaf.specs.java.xml-" + System.getProperty("karaf.version") + ".jar"),
            configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
            editConfigurationFilePut("etc/org.ops4j.pax.url.mvn.cfg", localRepository, System.getProperty(localRepository)),
            // Nothing comes from elsewhere: what is needed is in the KAR.
            editConfigurationFilePut("etc/org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.repositories", ""),
            editConfigurationFilePut("etc/org.apache.karaf.management.cfg", "rmiRegistryPort", Integer.toString(Product.freePort())),
            editConfigurationFilePut("etc/org.apache.karaf.management.cfg", "rmiServerPort", Integer.toString(Product.freePort())),
            editConfigurationFilePut("etc/org.bolide.transport.cfg", "localIvoid", "ivo://test.bolide/stock"),
            editConfigurationFilePut("etc/system.properties", "test.kar", Path.of(System.getProperty("bolide.kar")).toAbsolutePath().normalize().toUri().toString()),
        };
    }

    @Test
    public void shouldTakeSaveAndShowAnEvent() throws Exception {
        Path base = Path.of(System.getProperty("karaf.base"));
        eventually("the shell is there", PATIENCE, () -> sessions.getRegistry().getCommand("kar", "install") != null
                && sessions.getRegistry().getCommand("feature", "install") != null);
        type("kar:install " + System.getProperty("test.kar"));
        type("feature:install bolide-commands bolide-handler-save-event");
        Files.writeString(base.resolve("etc/org.bolide.handler.saveevent~all.cfg.json"), "{ \"directory\": \"saved\" }");
        Files.writeString(base.resolve("etc/org.bolide.transport.receiver~all.cfg.json"),
                "{ \"port\": 0, \"address\": \"127.0.0.1\" }");
        eventually("the handler is there", PATIENCE, () -> log(base).contains("handler save-event"));

        eventually("the receiver is there", PATIENCE, () -> LISTENS.matcher(log(base)).find());
        String answer = submit(port(base), event("stock"));
        assertTrue(answer, answer.contains("role=\"ack\""));
        eventually("the event is saved", PATIENCE, () -> !saved(base).isEmpty());
        assertEquals(event("stock"), Files.readString(saved(base).get(0)));

        eventually("the command is there", PATIENCE, () -> sessions.getRegistry().getCommand("bolide", "log") != null);
        String shown = type("bolide:log");
        assertTrue(shown, shown.contains("SQLite") && shown.lines().anyMatch(line -> line.matches("Events +1\\b.*")));
        List<String> wrong = log(base).lines().filter(line -> line.contains("| ERROR |") && line.contains("bolide")).toList();
        assertEquals(List.of(), wrong);
    }

    private static String event(String name) {
        return "<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\" version=\"2.0\" role=\"test\" ivorn=\"ivo://test.author/x#" + name
                + "\"><Who><AuthorIVORN>ivo://test.author/who</AuthorIVORN><Date>2026-03-20T12:00:00</Date></Who></voe:VOEvent>";
    }

    private static int port(Path base) throws IOException {
        Matcher line = LISTENS.matcher(log(base));
        assertTrue(line.find());
        return Integer.parseInt(line.group(1));
    }

    private static String submit(int port, String event) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(bytes.length);
            out.write(bytes);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }
    }

    private static List<Path> saved(Path base) throws IOException {
        Path directory = base.resolve("saved");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).filter(file -> !file.getFileName().toString().startsWith(".")).toList();
        }
    }

    private static String log(Path base) throws IOException {
        return Files.readString(base.resolve("data/log/karaf.log"));
    }

    /** As the administrator: Karaf's commands ask for roles. */
    private String type(String command) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Subject subject = new Subject();
        subject.getPrincipals().add(new UserPrincipal("test"));
        Stream.of("admin", "manager", "viewer", "systembundles").map(RolePrincipal::new).forEach(subject.getPrincipals()::add);
        Subject.doAs(subject, (PrivilegedExceptionAction<Object>) () -> {
            Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);
            try {
                return session.execute(command);
            } finally {
                session.close();
            }
        });
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Pax Exam, where a Karaf as it is shipped starts at all. */
    public static final class WhereKarafRuns extends Runner {

        private final Description description;
        private final PaxExam exam;

        public WhereKarafRuns(Class<?> test) throws InitializationError {
            exam = Archive.SHELL_RUNS ? new PaxExam(test) : null;
            description = exam == null ? Description.createTestDescription(test, "shouldTakeSaveAndShowAnEvent") : exam.getDescription();
        }

        @Override
        public Description getDescription() {
            return description;
        }

        @Override
        public void run(RunNotifier notifier) {
            if (exam == null) {
                System.out.println("not run: Karaf " + System.getProperty("karaf.version") + " as it is shipped does not start on Java "
                        + Runtime.version().feature());
                notifier.fireTestIgnored(description);
            } else {
                exam.run(notifier);
            }
        }
    }
}
