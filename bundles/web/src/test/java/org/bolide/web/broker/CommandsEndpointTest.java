package org.bolide.web.broker;

import java.util.ArrayList;
import java.util.List;

import org.bolide.api.management.CommandLine;
import org.bolide.web.http.Json;
import org.bolide.web.http.TestPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CommandsEndpointTest implements CommandLine {

    private final List<String> given = new ArrayList<>();
    private Answer answer = new Answer(0, "{\"all\": [1, null]}\n", "");
    private TestPage page;

    @Override
    public synchronized Answer run(List<String> words, Caller caller) {
        given.add(caller.user() + " " + caller.frontEnd() + " " + caller.mayChange() + " " + words);
        return answer;
    }

    @BeforeEach
    void open() throws Exception {
        CommandsEndpoint endpoint = new CommandsEndpoint(this);
        page = new TestPage();
        for (var route : endpoint.routes()) {
            page.with("/api/v1" + route.path(), (javax.servlet.Servlet) endpoint);
        }
        page.start();
    }

    @AfterEach
    void close() {
        page.close();
    }

    @ParameterizedTest
    @CsvSource({"status,status", "clients,clients", "remotes,remotes", "handlers,handlers", "refusals,'events, refused'", "streams,streams",
            "dead-letters,dead-letters", "rules,rules"})
    void shouldShowWhatTheCommandShows(String path, String words) throws Exception {
        TestPage.Answer shown = page.get("/api/v1/" + path);

        assertEquals(200, shown.status(), shown.body());
        assertEquals("{\"all\":[1,null]}", shown.body());
        assertEquals(List.of("a visitor on this machine the page false [" + words + ", --json]"), given);
        assertEquals(401, page.send(page.request("/api/v1/" + path).header("X-Forwarded-For", "192.0.2.7")).status());
    }

    @Test
    void shouldShowWhatIsWrongAsWell() throws Exception {
        answer = new CommandLine.Answer(2, "{\"ready\": false}", "");
        assertEquals("{\"ready\":false}", page.get("/api/v1/status").body());
        answer = new CommandLine.Answer(1, "", "The log cannot be read.");
        TestPage.Answer refused = page.get("/api/v1/status");
        assertEquals(503, refused.status());
        assertEquals("The log cannot be read.", refused.error());
    }

    private TestPage.Answer act(String words, String... headers) throws Exception {
        return page.post("/api/v1/commands", Json.TYPE, "{\"words\":" + words + "}", headers);
    }

    @Test
    void shouldGiveACommandOfAnAdmin() throws Exception {
        assertEquals(401, act("[\"handlers\",\"pause\",\"mail\"]").status());
        assertEquals(403, act("[\"handlers\",\"pause\",\"mail\"]", "Cookie", page.cookie("vera", false)).status());
        assertEquals(List.of(), given);

        answer = new CommandLine.Answer(0, "mail is paused.\n", "");
        TestPage.Answer done = act("[\"handlers\",\"pause\",\"mail\"]", "Cookie", page.cookie("ada", true));
        assertEquals("{\"status\":0,\"text\":\"mail is paused.\\n\"}", done.body());
        assertEquals(List.of("ada the page true [handlers, pause, mail]"), given);

        answer = new CommandLine.Answer(1, "", "There is no handler mail.");
        assertEquals("{\"status\":1,\"text\":\"There is no handler mail.\"}", act("[\"handlers\",\"pause\",\"mail\"]", "Cookie", page.cookie("ada", true)).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[\"user\",\"add\",\"eve\"]", "[\"log\",\"compact\"]", "[\"handlers\"]", "[\"handlers\",\"list\"]", "[\"send\",\"/etc/passwd\"]",
            "[\"import\",\"x\"]", "[\"events\",\"list\"]", "\"test-event\"", "[1,[2]]", "[\"--help\"]"})
    void shouldGiveOnlyWhatThePageOffers(String words) throws Exception {
        TestPage.Answer refused = act(words, "Cookie", page.cookie("ada", true));

        assertEquals(400, refused.status(), refused.body());
        assertTrue(!refused.error().isEmpty());
        assertEquals(List.of(), given);
    }
}
