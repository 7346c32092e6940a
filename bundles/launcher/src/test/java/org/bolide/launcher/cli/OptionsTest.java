package org.bolide.launcher.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.bolide.launcher.Fixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OptionsTest {

    private static Request read(String... arguments) throws Exit {
        return new Options(Fixture.definitions().handlers()).read(List.of(arguments));
    }

    @Test
    void shouldTakeTheOptionsOfComet1And2() throws Exit {
        Request request = read("-n", "--pidfile=/run/comet.pid", "--logfile=/var/log/comet.log", "comet", "-v", "-v", "-q", "-r",
                "-b", "--local-ivo=ivo://org.example/broker", "--eventdb=/var/comet", "--receive-port=8808",
                "--broadcast-port=8809", "--broadcast-test-interval=60", "--whitelist=192.0.2.0/24",
                "--whitelist", "198.51.100.0/255.255.255.0", "--author-whitelist=203.0.113.0/24",
                "--subscriber-whitelist=127.0.0.1/32", "--remote=a.example.org", "--remote", "b.example.org:8800",
                "--filter=//Who/Author[contactName=\"K S K\"]", "--cmd=/bin/run it", "--print-event", "--save-event",
                "--save-event-directory=/data");
        assertEquals(Optional.of("/run/comet.pid"), request.pidFile());
        assertEquals(Optional.of("/var/log/comet.log"), request.logFile());
        assertEquals(1, request.verbosity());
        assertEquals(List.of(""), request.receive());
        assertEquals(List.of(""), request.broadcast());
        assertEquals(Optional.of("ivo://org.example/broker"), request.localIvo());
        assertEquals(Optional.of("/var/comet"), request.eventDb());
        assertEquals(Optional.of("8808"), request.receivePort());
        assertEquals(Optional.of("8809"), request.broadcastPort());
        assertEquals(Optional.of("60"), request.testInterval());
        assertEquals(List.of("203.0.113.0/24", "192.0.2.0/24", "198.51.100.0/255.255.255.0").stream().sorted().toList(),
                request.authorAllow().stream().sorted().toList());
        assertEquals(List.of("127.0.0.1/32"), request.subscriberAllow());
        assertEquals(List.of("a.example.org", "b.example.org:8800"), request.remotes());
        assertEquals(List.of("//Who/Author[contactName=\"K S K\"]"), request.filters());
        assertEquals(List.of("/bin/run it"), request.commands());
        assertEquals(Set.of("print-event", "save-event"), request.handlers());
        assertEquals(Map.of("save-event", Map.of("directory", List.of("/data"))), request.handlerValues());
    }

    @Test
    void shouldTakeTheOptionsOfComet3() throws Exit {
        Request request = read("comet", "--verbose", "--local-ivo", "ivo://org.example/broker", "--eventdb", "/var/comet",
                "--receive", "--receive", "tcp:8808:interface=127.0.0.1", "--receive-whitelist", "192.0.2.0/24", "2001:db8::/32",
                "--broadcast", "tcp:8809", "--broadcast-whitelist", "127.0.0.0/8", "--broadcast-test-interval", "0",
                "--subscribe", "tcp:a.example.org:8099", "--subscribe", "b.example.org",
                "--filter", "//Param[@name=\"Sun_Distance\" and @value>40]", "--filter", "@role='test'",
                "--cmd", "a", "--cmd", "b", "--save-event", "--save-event-directory", "/data");
        assertEquals(1, request.verbosity());
        assertEquals(List.of("", "tcp:8808:interface=127.0.0.1"), request.receive());
        assertEquals(List.of("192.0.2.0/24", "2001:db8::/32"), request.authorAllow());
        assertEquals(List.of("tcp:8809"), request.broadcast());
        assertEquals(List.of("127.0.0.0/8"), request.subscriberAllow());
        assertEquals(List.of("tcp:a.example.org:8099", "b.example.org"), request.remotes());
        assertEquals(List.of("//Param[@name=\"Sun_Distance\" and @value>40]", "@role='test'"), request.filters());
        assertEquals(List.of("a", "b"), request.commands());
    }

    @Test
    void shouldTakeShortOptionsInOneWord() throws Exit {
        Request request = read("-vvq", "-nrb");
        assertEquals(1, request.verbosity());
        assertEquals(List.of(""), request.receive());
        assertEquals(List.of(""), request.broadcast());
        assertEquals(List.of("8808"), read("-r8808").receive());
    }

    @Test
    void shouldTakeTheModernNamesAndListsWithCommas() throws Exit {
        Request request = read("--author-allow=192.0.2.0/24,2001:db8::/32", "--subscriber-allow", "a, b c");
        assertEquals(List.of("192.0.2.0/24", "2001:db8::/32"), request.authorAllow());
        assertEquals(List.of("a", "b", "c"), request.subscriberAllow());
    }

    @Test
    void shouldTakeTheOptionsThatHandlersDeclare() throws Exit {
        Request request = read("--action=save-event", "--save-event-filter=//a b", "--save-event-as-fits",
                "--exec-time-limit-seconds=9", "--exec-concurrency", "2");
        assertEquals(Set.of("save-event"), request.handlers());
        assertEquals(
                Map.of("handler.filter", List.of("//a b"), "asFits", List.of("true")), request.handlerValues().get("save-event"));
        assertEquals(Map.of("timeLimitSeconds", List.of("9"), "handler.concurrency", List.of("2")),
                request.handlerValues().get("exec"));
    }

    @Test
    void shouldTakeOfEveryHandlerTheOptionsThatAllHandlersHave() throws Exit {
        Request request = read("--print-event-start=earliest", "--print-event-filter-language=xquery", "--print-event-concurrency=2",
                "--print-event-batch=3");
        assertEquals(
                Map.of("handler.start", List.of("earliest"), "handler.filter.language", List.of("xquery"),
                        "handler.concurrency", List.of("2"), "handler.batch", List.of("3")),
                request.handlerValues().get("print-event"));
    }

    @ParameterizedTest
    @CsvSource({
        "--recieve, unknown option --recieve; did you mean --receive?",
        "--save-event-dir=x, unknown option --save-event-dir; did you mean --save-event?",
        "--save-event-directry=x, unknown option --save-event-directry; did you mean --save-event-directory?",
        "--xyzzyplughxyzzy, unknown option --xyzzyplughxyzzy; bolide --help lists the options",
        "--action=save-evnet, no handler is called \"save-evnet\"; did you mean --action=save-event?",
        "start, \"start\" is not an option; bolide --help lists them",
    })
    void shouldGuessWhatWasMeant(String argument, String message) {
        Exit exit = assertThrows(Exit.class, () -> read(argument));
        assertEquals(message, exit.getMessage());
        assertEquals(64, exit.status());
    }

    @Test
    void shouldSayWhenAValueIsMissing() {
        Exit exit = assertThrows(Exit.class, () -> read("--local-ivo"));
        assertTrue(exit.getMessage().contains("--local-ivo"), exit.getMessage());
    }

    @Test
    void shouldPrintHelpThatFitsATerminal() {
        String help = new Options(Fixture.definitions().handlers()).help();
        help.lines().forEach(line -> assertTrue(line.length() <= 100, line));
        for (String part : List.of("--receive[=ENDPOINT]", "--save-event-directory=PATH", "(default: the current directory)",
                "--exec-time-limit-seconds=N", "--print-event-output=auto|stdout|log", "Every handler also takes -filter, -concurrency, -filter-language, -start, -batch, as in")) {
            assertTrue(help.contains(part), part + " is missing in\n" + help);
        }
    }

    @ParameterizedTest
    @CsvSource({"handler.filter.language, filter-language", "timeLimitSeconds, time-limit-seconds", "directory, directory"})
    void shouldMakeOptionNamesOfKeys(String key, String option) {
        assertEquals(option, Options.optionName(key));
    }
}
