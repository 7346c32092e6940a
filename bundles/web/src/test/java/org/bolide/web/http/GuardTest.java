package org.bolide.web.http;

import java.time.Clock;

import org.bolide.web.http.Route.Access;
import org.bolide.web.http.TestPage.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GuardTest {

    private final TestPage page = new TestPage(Clock.systemUTC(), "bolide.example");

    private static final class Thing extends Endpoint {
        Thing() {
            route(Route.get("/thing", Access.OPEN, GuardTest::whole));
            route(Route.get("/thing/clients", Access.LOOK, GuardTest::whole));
            route(Route.post("/thing", Access.REGISTER, GuardTest::whole));
            route(Route.post("/thing/handlers", Access.CHANGE, GuardTest::whole));
            route(Route.delete("/thing/{name}", Access.OPEN, GuardTest::whole));
        }
    }

    private static void whole(Exchange exchange) throws java.io.IOException {
        exchange.answer(new com.google.gson.JsonPrimitive(exchange.visitor().isLocal() ? "local" : "far"));
    }

    @BeforeEach
    void open() throws Exception {
        page.with("/thing", new Thing()).start();
    }

    @AfterEach
    void close() throws Exception {
        page.close();
    }

    private String first(String method, String path, String... headers) throws Exception {
        StringBuilder request = new StringBuilder(method + " /api/v1" + path + " HTTP/1.1\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return page.raw(request.append("\r\n").toString());
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ")[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8880", "localhost", "LocalHost:8880", "[::1]:8880", "192.0.2.7", "bolide.example:8880", "BOLIDE.example"})
    void shouldAnswerToAddressesAndNamesOfItsOwn(String host) throws Exception {
        assertEquals(200, status(first("GET", "/thing", "Host: " + host)));
    }

    @ParameterizedTest
    @CsvSource({"evil.example:8880,421", "127.0.0.1.evil.example,421", "localhost.evil.example,421", "bolide.example.,421", "a b,400", "'',400"})
    void shouldNotAnswerToANameThatAStrangerLeadsHere(String host, int status) throws Exception {
        assertEquals(status, status(first("GET", "/thing", "Host: " + host)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded: for=192.0.2.7", "X-Forwarded-For: 192.0.2.7", "X-Real-IP: 192.0.2.7", "Via: 1.1 proxy"})
    void shouldTakeNobodyBehindAProxyForLocal(String header) throws Exception {
        assertTrue(first("GET", "/thing", "Host: localhost").endsWith("\"local\""));
        assertTrue(first("GET", "/thing", "Host: localhost", header).endsWith("\"far\""));
        assertEquals(401, status(first("GET", "/thing/clients", "Host: localhost", header)));
        assertEquals(401, status(first("POST", "/thing", "Host: localhost", header, "Content-Type: application/json", "Content-Length: 0")));
    }

    @Test
    void shouldTakeNobodyForLocalWhoAsksByAPublicNameOrInHttp10() throws Exception {
        assertTrue(first("GET", "/thing", "Host: bolide.example").endsWith("\"far\""));
        assertTrue(page.raw("GET /api/v1/thing HTTP/1.0\r\nHost: localhost\r\n\r\n").endsWith("\"far\""));
    }

    @Test
    void shouldLetOnlyAnAdminChangeThings() throws Exception {
        assertEquals(401, page.post("/api/v1/thing/handlers", Json.TYPE, "{}").status());
        Answer viewer = page.post("/api/v1/thing/handlers", Json.TYPE, "{}", "Cookie", page.cookie("vera", false));
        assertEquals(403, viewer.status());
        assertTrue(viewer.error().contains("admin"));
        assertEquals(200, page.post("/api/v1/thing/handlers", Json.TYPE, "{}", "Cookie", page.cookie("ada", true)).status());
        assertEquals(401, page.post("/api/v1/thing/handlers", Json.TYPE, "{}", "Cookie", Sessions.COOKIE + "=guessed").status());
    }

    @Test
    void shouldLetAFarViewerLookAndAFarAdminRegister() throws Exception {
        String viewer = "Cookie: " + page.cookie("vera", false);
        String admin = "Cookie: " + page.cookie("ada", true);
        String type = "Content-Type: application/json";
        String none = "Content-Length: 0";
        String host = "Host: bolide.example";

        assertEquals(200, status(first("GET", "/thing/clients", host, viewer)));
        assertEquals(403, status(first("POST", "/thing", host, viewer, type, none)));
        assertEquals(200, status(first("POST", "/thing", host, admin, type, none)));
        assertEquals(200, status(first("POST", "/thing", "Host: localhost", type, none)));
    }

    @ParameterizedTest
    @CsvSource({
            "Origin: http://evil.example,403", "Origin: null,403", "Origin: http://localhost:1,403", "Origin: http://localhost:8880.evil.example,403",
            "Sec-Fetch-Site: cross-site,403", "Sec-Fetch-Site: same-site,403",
            "Origin: http://localhost:8880,200", "Origin: https://localhost:8880,200", "Sec-Fetch-Site: same-origin,200", "Sec-Fetch-Site: none,200"})
    void shouldTakeChangesOnlyFromItsOwnPage(String header, int status) throws Exception {
        for (String method : new String[] {"POST", "DELETE"}) {
            assertEquals(status, status(first(method, method.equals("POST") ? "/thing" : "/thing/a", "Host: localhost:8880", header,
                    "Content-Type: application/json", "Content-Length: 0")), method);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void shouldTakeNothingThatAFormCouldSend(String type) throws Exception {
        assertEquals(415, page.post("/api/v1/thing", type, "{}").status());
    }

    @Test
    void shouldTakeNoBodyWithoutAType() throws Exception {
        assertEquals(415, status(first("POST", "/thing", "Host: localhost", "Content-Length: 0")));
    }

    @Test
    void shouldLetALinkOfAnotherSiteLeadHereAndNothingElseOfIt() throws Exception {
        String host = "Host: localhost";
        assertEquals(200, status(first("GET", "/thing", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")));
        assertEquals(403, status(first("GET", "/thing", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")));
        assertEquals(403, status(first("POST", "/thing", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate",
                "Content-Type: application/json", "Content-Length: 0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "OPTIONS", "PATCH", "CONNECT", "get"})
    void shouldKnowFewMethods(String method) throws Exception {
        assertTrue(status(first(method, "/thing", "Host: localhost")) >= 400, method);
    }

    @Test
    void shouldTellTheBrowserToBeCareful() throws Exception {
        Answer answer = page.get("/api/v1/thing");

        assertEquals(Guard.POLICY, answer.header("Content-Security-Policy"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals("no-referrer", answer.header("Referrer-Policy"));
        assertEquals("same-origin", answer.header("Cross-Origin-Resource-Policy"));
        assertEquals("no-store", answer.header("Cache-Control"));
        assertEquals("application/json", answer.header("Content-Type"));
        assertFalse(answer.whole().headers().firstValue("Access-Control-Allow-Origin").isPresent());
    }

    @Test
    void shouldSayWhatThereIsInstead() throws Exception {
        assertEquals(404, page.get("/api/v1/thing/a/b").status());
        Answer method = page.get("/api/v1/thing/a");
        assertEquals(405, method.status());
        assertEquals("DELETE", method.header("Allow"));
        Answer parameter = page.get("/api/v1/thing?strem=x");
        assertEquals(400, parameter.status());
        assertTrue(parameter.error().contains("strem"), parameter.error());
    }
}
