package org.bolide.web.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The page's files as they are shipped; what they do is tested in a browser. */
class PageFilesTest {

    private static final int MAX_COMPRESSED_BYTES = 100_000;
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#]+)\"|(?:from |import\\()'\\./([^']+)'");
    private static final String API = "api/v1/";

    private static List<Path> files() throws IOException, URISyntaxException {
        try (Stream<Path> all = Files.list(Path.of(PageFilesTest.class.getResource("/page").toURI()))) {
            return all.sorted().toList();
        }
    }

    private static byte[] read(String reference) throws IOException {
        String at = reference.startsWith("webjars/") ? "/META-INF/resources/" : "/page/";
        try (InputStream in = PageFilesTest.class.getResourceAsStream(at + reference)) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    private static TreeSet<String> references() throws IOException, URISyntaxException {
        TreeSet<String> references = new TreeSet<>();
        for (Path file : files()) {
            REFERENCE.matcher(Files.readString(file)).results().map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                    .filter(reference -> !reference.startsWith(API)).forEach(references::add);
        }
        return references;
    }

    @Test
    void shouldFindEveryFileThatAnotherNames() throws Exception {
        TreeSet<String> references = references();
        assertTrue(references.containsAll(List.of("app.js", "page.css", "map.js", "broker.js")), references.toString());
        for (String reference : references) {
            assertTrue(read(reference).length > 0, reference);
        }
    }

    @Test
    void shouldShipNoFileThatNothingNames() throws Exception {
        TreeSet<String> shipped = new TreeSet<>(files().stream().map(file -> file.getFileName().toString()).toList());
        shipped.removeAll(references());
        assertEquals(List.of("index.html"), List.copyOf(shipped));
    }

    @Test
    void shouldNeverMakeMarkupOfData() throws Exception {
        for (Path file : files()) {
            holdsNone(file, "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function");
        }
    }

    @Test
    void shouldHoldNothingThatItsOwnSecurityPolicyForbids() throws Exception {
        for (Path file : files()) {
            if (file.toString().endsWith(".html")) {
                holdsNone(file, "<style", " style=", "<script>", " onclick=", "http:", "https:");
            }
            holdsNone(file, "setAttribute('style'", "style: `", "style: '", "@import", "url(");
        }
    }

    private static void holdsNone(Path file, String... forbidden) throws IOException {
        String text = Files.readString(file);
        assertEquals(List.of(), Stream.of(forbidden).filter(text::contains).toList(), file.toString());
    }

    @Test
    void shouldBeSmallOnTheWire() throws Exception {
        int total = gzipped(read("index.html"));
        for (String reference : references()) {
            total += gzipped(read(reference));
        }
        assertTrue(total < MAX_COMPRESSED_BYTES, total + " bytes");
    }

    private static int gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.size();
    }
}
