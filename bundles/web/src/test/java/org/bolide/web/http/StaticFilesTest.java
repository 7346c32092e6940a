package org.bolide.web.http;

import java.io.ByteArrayInputStream;
import java.util.zip.GZIPInputStream;

import org.bolide.web.http.TestPage.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StaticFilesTest {

    private final TestPage page = new TestPage();

    @BeforeEach
    void open() throws Exception {
        page.with("/", new StaticFiles("/org/bolide/web/http/files", () -> {})).start();
    }

    @AfterEach
    void close() throws Exception {
        page.close();
    }

    @Test
    void shouldShowTheFileOfThePlainAddress() throws Exception {
        Answer answer = page.get("/");

        assertEquals(200, answer.status());
        assertEquals("text/html;charset=utf-8", answer.header("Content-Type"));
        assertEquals("no-cache", answer.header("Cache-Control"));
        assertTrue(answer.body().contains("<title>"), answer.body());
    }

    @Test
    void shouldSayThatNothingHasChanged() throws Exception {
        String tag = page.get("/").header("ETag");

        Answer again = page.send(page.request("/").header("If-None-Match", tag));

        assertEquals(304, again.status());
        assertEquals("", again.body());
        assertEquals(tag, again.header("ETag"));
        assertEquals(200, page.send(page.request("/").header("If-None-Match", "\"other\"")).status());
    }

    @Test
    void shouldCompressWhatIsWorthIt() throws Exception {
        Answer answer = page.send(page.request("/long.js").header("Accept-Encoding", "gzip"));

        assertEquals("gzip", answer.header("Content-Encoding"));
        assertEquals("text/javascript;charset=utf-8", answer.header("Content-Type"));
        assertEquals(page.get("/long.js").body(),
                new String(new GZIPInputStream(new ByteArrayInputStream(answer.whole().body())).readAllBytes(), UTF_8));
        assertTrue(answer.whole().body().length < 1000);
        assertTrue(answer.header("ETag").endsWith("-gz\""), "other bytes, another tag");
        assertEquals("", page.send(page.request("/").header("Accept-Encoding", "gzip")).header("Content-Encoding"));
    }

    @Test
    void shouldLetBrowsersKeepWhatHasItsVersionInItsName() throws Exception {
        Answer library = page.get("/webjars/d3-geo/3.1.1/dist/d3-geo.min.js");

        assertEquals(200, library.status());
        assertEquals("public, max-age=31536000, immutable", library.header("Cache-Control"));
        assertEquals(200, page.get("/webjars/d3-array/3.2.4/dist/d3-array.min.js").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing.html", "/webjars", "/webjars/", "/index.class", "/..%2fTestPage.class", "/webjars/..%2f..%2ffiles%2findex.html",
            "/%2e%2e/files/index.html", "/.hidden.html", "//index.html"})
    void shouldShowNothingElse(String path) throws Exception {
        assertTrue(page.get(path).status() >= 400, path);
    }

    @Test
    void shouldOnlyBeRead() throws Exception {
        Answer answer = page.post("/", Json.TYPE, "{}");

        assertEquals(405, answer.status());
        assertEquals("GET, HEAD", answer.header("Allow"));
    }
}
