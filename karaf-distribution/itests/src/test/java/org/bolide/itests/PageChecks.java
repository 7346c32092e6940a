package org.bolide.itests;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.imageio.ImageIO;

import org.bolide.benchmarks.page.Browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What each view of the page must keep to, looked at in the browser that shows it. */
final class PageChecks {

    /** WCAG 2.2, 1.4.3: for text of any size. */
    private static final double LEAST_CONTRAST = 4.5;
    private static final int PHONE = 360;
    private static final int SHOWN = 150;
    /** Out of 255. Eyes that are used to the dark see a little green better than much red. */
    private static final int MOST_GREEN_OR_BLUE = 0;
    private static final int LEAST_RED = 60;
    /** What one operates, and what one cannot read by looking at it, has a name. */
    private static final Set<String> NAMED = Set.of("textbox", "searchbox", "combobox", "listbox", "button", "link", "checkbox", "radio", "img",
            "image", "dialog", "spinbutton", "switch", "tab");

    /** The colour of each text and what is behind it; colours of any kind are painted to be told. */
    private static final String CONTRASTS = """
            const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const over = (colour, under) => {
              canvas.globalCompositeOperation = 'source-over';
              canvas.fillStyle = `rgb(${under})`; canvas.fillRect(0, 0, 1, 1);
              canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
              return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
            };
            const behind = (element) => {
              const all = [];
              for (let e = element; e; e = e.parentElement) { all.unshift(getComputedStyle(e).backgroundColor); }
              return all.reduce((under, colour) => over(colour, under), [255, 255, 255]);
            };
            const light = (rgb) => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const poor = [];
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const element = walker.currentNode.parentElement;
              if (!walker.currentNode.data.trim() || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})
                  || element.closest('script, style, noscript, [disabled], option, [aria-hidden=true]')) { continue; }
              const box = element.getBoundingClientRect();
              if (box.width <= 1 || box.height <= 1) { continue; }
              const back = behind(element);
              const [a, b] = [light(over(getComputedStyle(element).color, back)), light(back)];
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              if (ratio < arguments[0]) { poor.push(`${ratio.toFixed(2)} ${element.tagName}.${element.className} ${walker.currentNode.data.trim().slice(0, 40)}`); }
            }
            return poor;
            """;

    private PageChecks() {
    }

    /** Names for who does not see, headings in their order, text that stands out; by day. */
    static void accessible(Browser browser) {
        assertEquals("en", browser.script("return document.documentElement.lang"));
        assertEquals(List.of(), nameless(browser), "without a name, at " + browser.address());
        List<?> levels = (List<?>) browser.script("return [...document.querySelectorAll('main h1, main h2, main h3, main h4')]"
                + ".filter(e => e.checkVisibility()).map(e => Number(e.tagName[1]))");
        long before = 0;
        for (Object level : levels) {
            assertTrue((Long) level <= before + 1, "headings " + levels + " at " + browser.address());
            before = (Long) level;
        }
        assertEquals(1, levels.stream().filter(level -> level.equals(1L)).count(), "headings " + levels + " at " + browser.address());
        assertEquals(List.of(), browser.script(CONTRASTS, LEAST_CONTRAST), "poor contrast at " + browser.address());
    }

    /** As the browser tells a screen reader. */
    private static List<String> nameless(Browser browser) {
        List<String> nameless = new ArrayList<>();
        for (Object each : (List<?>) browser.protocol("Accessibility.getFullAXTree", Map.of()).get("nodes")) {
            Map<?, ?> node = (Map<?, ?>) each;
            String role = value(node, "role");
            if (!Boolean.TRUE.equals(node.get("ignored")) && NAMED.contains(role) && value(node, "name").isBlank()) {
                nameless.add(role + " " + html(browser, node));
            }
        }
        return nameless;
    }

    private static String html(Browser browser, Map<?, ?> node) {
        String text = browser.protocol("DOM.getOuterHTML", Map.of("backendNodeId", node.get("backendDOMNodeId"))).get("outerHTML").toString();
        return text.substring(0, Math.min(SHOWN, text.length()));
    }

    private static String value(Map<?, ?> node, String name) {
        return node.get(name) instanceof Map<?, ?> property && property.get("value") instanceof String text ? text : "";
    }

    /** Nothing has to be pushed sideways on a phone. */
    static void narrow(Browser browser) {
        assertEquals(PHONE, browser.number("innerWidth"));
        assertEquals(true, browser.script("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
                "wider than a phone at " + browser.address());
    }

    /** Every point on the screen is red, or black, and something can be seen. */
    static void dark(Browser browser, Path directory) throws IOException {
        Path file = directory.resolve("night.png");
        browser.picture(file);
        BufferedImage image = ImageIO.read(file.toFile());
        int brightest = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                if ((rgb >> 8 & 255) > MOST_GREEN_OR_BLUE || (rgb & 255) > MOST_GREEN_OR_BLUE) {
                    throw new AssertionError("%06x at %d, %d of %s".formatted(rgb & 0xffffff, x, y, browser.address()));
                }
                brightest = Math.max(brightest, rgb >> 16 & 255);
            }
        }
        assertTrue(brightest >= LEAST_RED, "nothing can be seen at " + browser.address());
    }
}
