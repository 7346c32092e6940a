package org.bolide.benchmarks.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BrowserTest {

    private static final String PAGE = """
            data:text/html,<meta name=viewport content="width=device-width"><title>A page</title><form><input id=text><select><option>one</option><option>two</option></select>\
            <button type=button>Press</button></form><p id=out hidden></p><script>
            document.querySelector('button').onclick = () => setTimeout(() => { const out = document.querySelector('p');
              out.textContent = document.querySelector('input').value + document.querySelector('select').value; out.hidden = false; }, 50);
            console.error('as planned');
            </script>""";

    @TempDir
    Path directory;

    @Test
    void shouldTypeChoosePressAndSee() throws IOException {
        try (Browser browser = Browser.start(directory)) {
            browser.size(360, 640);
            browser.open(PAGE);
            assertEquals("A page", browser.title());
            assertEquals(360, browser.number("innerWidth"));
            browser.type("input", "gone");
            browser.type("input", "typed ");
            browser.choose("select", "two");
            browser.seeNo("p");
            browser.click("button", "Press");
            assertEquals("typed two", browser.see("p", "typed").getText());
            browser.press(Keys.TAB);
            assertEquals(List.of("typed two"), browser.texts("p"));
            assertTrue(browser.complaints().toString().contains("as planned"));
            assertEquals(List.of(), browser.complaints());
            assertTrue(browser.protocol("Runtime.getHeapUsage", Map.of()).containsKey("usedSize"));
            assertTrue(browser.holds("document.querySelector('p')"));
        }
    }
}
