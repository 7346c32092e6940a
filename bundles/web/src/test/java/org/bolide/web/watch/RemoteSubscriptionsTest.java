package org.bolide.web.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RemoteSubscriptionsTest {

    private static final String FILE = "org.bolide.transport.subscription~page-voevent.example.org-8098.cfg.json";

    @TempDir
    Path etc;

    private final Set<RemoteBroker> operators = new HashSet<>();
    private RemoteSubscriptions subscriptions;

    private void provide(PageFilter... filters) throws IOException {
        subscriptions = subscriptions == null ? new RemoteSubscriptions(etc, () -> operators) : subscriptions;
        subscriptions.provideFor(List.of(filters));
    }

    private static PageFilter filter(String name, String language, String text, String remote) {
        return new PageFilter(name, language, text, Optional.ofNullable(remote).map(RemoteBroker::parse), Instant.EPOCH, "digest", Optional.empty());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(etc)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private JsonObject json() throws IOException {
        return JsonParser.parseString(Files.readString(etc.resolve(FILE))).getAsJsonObject();
    }

    @Test
    void shouldWriteAFileForARemoteBrokerAndRemoveItWithTheLastFilter() throws IOException {
        PageFilter swift = filter("swift", "xpath", "//How[. = \"Swift\"]", "voevent.example.org:8098");
        PageFilter fermi = filter("fermi", "xpath", "//Fermi", "voevent.example.org:8098");
        provide(swift, fermi, filter("here", "xpath", "//Here", null));
        assertEquals(Set.of(FILE), files());
        assertTrue(Files.readString(etc.resolve(FILE)).startsWith("// Written by the page: its filters fermi, swift name this broker.\n"));
        assertEquals("voevent.example.org", json().get("host").getAsString());
        assertEquals(8098, json().get("port").getAsInt());
        assertEquals("[\"//Fermi\",\"//How[. = \\\"Swift\\\"]\"]", json().get("filters").toString());
        provide(swift);
        assertEquals("[\"//How[. = \\\"Swift\\\"]\"]", json().get("filters").toString());
        provide();
        assertEquals(Set.of(), files());
    }

    @Test
    void shouldTakeAllEventsWhereNotAllFiltersCanBePassedOn() throws IOException {
        provide(filter("a", "xpath", "//A", "voevent.example.org:8098"), filter("b", "xquery", "exists(//B)", "voevent.example.org:8098"));
        assertFalse(json().has("filters"));
        provide(IntStream.range(0, 101).mapToObj(i -> filter("f" + i, "xpath", "//F" + i, "voevent.example.org:8098")).toArray(PageFilter[]::new));
        assertFalse(json().has("filters"), "more than a remote broker takes");
        provide(IntStream.range(0, 100).mapToObj(i -> filter("f" + i, "xpath", "//F" + i, "voevent.example.org:8098")).toArray(PageFilter[]::new));
        assertEquals(100, json().get("filters").getAsJsonArray().size());
    }

    @Test
    void shouldNotAskForAnythingOnceItsFiltersAreTakenAway() throws IOException {
        PageFilter costly = filter("costly", "xpath", "//*[//*]", "voevent.example.org:8098");
        provide(costly);
        provide(costly.takenAway("it costs too much"));
        assertEquals(Set.of(), files());
    }

    @Test
    void shouldLeaveAnOperatorsSubscriptionAloneAndUseIt() throws IOException {
        PageFilter filter = filter("swift", "xpath", "//Swift", "voevent.example.org:8098");
        operators.add(RemoteBroker.parse("voevent.example.org:8098"));
        provide(filter);
        assertEquals(Set.of(), files());
        operators.clear();
        provide(filter);
        assertEquals(Set.of(FILE), files(), "the operator's has gone");
        operators.add(RemoteBroker.parse("VOEVENT.example.org:8098"));
        provide(filter);
        assertEquals(Set.of(), files(), "the operator's has come");
    }

    @Test
    void shouldTouchNoFileThatItHasNotWritten() throws IOException {
        String own = "org.bolide.transport.subscription~page-of-mine.cfg.json";
        Files.writeString(etc.resolve(own), "{\"host\": \"voevent.example.org\"}");
        provide();
        assertEquals(Set.of(own), files());
    }

    @Test
    void shouldLeaveAFileThatIsRightAsItIs() throws IOException {
        PageFilter filter = filter("swift", "xpath", "//Swift", "voevent.example.org:8098");
        provide(filter);
        Object before = Files.getAttribute(etc.resolve(FILE), "unix:ino");
        provide(filter);
        assertEquals(before, Files.getAttribute(etc.resolve(FILE), "unix:ino"));
    }

    @Test
    void shouldSayWhatCannotBeWritten() throws IOException {
        Path file = Files.writeString(etc.resolve("file"), "");
        assertThrows(IOException.class, () -> new RemoteSubscriptions(file, () -> operators)
                .provideFor(List.of(filter("swift", "xpath", "//Swift", "voevent.example.org"))));
    }
}
