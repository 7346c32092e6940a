package org.bolide.itests;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.bolide.benchmarks.page.PageCost;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How the product's page looks, in the dark and on a phone, how it is used without a mouse, and what it costs the browser. */
class PageLooksProcessIT extends InABrowser {

    private static final int PHONE_WIDTH = 360;
    private static final int PHONE_HEIGHT = 740;
    private static final int MOST_TABS = 100;
    private static final int MOST_BYTES = 300_000;

    @Test
    void shouldBeDarkInADome() throws IOException {
        page.goLive();
        assertFalse(page.browser.holds("document.documentElement.classList.contains('night')"));
        page.browser.click("#night");
        page.browser.see("#night[aria-pressed=true]");
        PageChecks.dark(page.browser, directory);
        page.browser.reload();
        page.browser.see("#night[aria-pressed=true]");
        for (String view : List.of("", "events?part=GBM", "event/1", "filters", "broker")) {
            page.go(view);
            PageChecks.dark(page.browser, directory);
        }
        page.browser.press("n");
        page.browser.see("#night[aria-pressed=false]");
    }

    /** A browser keeps pages that were left, and makes six connections to a host. */
    @Test
    void shouldOpenHoweverOftenItWasLeftAndGoOnWhenItIsComeBackTo() throws IOException {
        for (int n = 0; n < 8; n++) {
            page.goLive();
            page.browser.open("about:blank");
        }
        page.browser.back();
        page.browser.see(OpenPage.LIVE);
        page.accepted(OpenPage.event("come-back", "observation", 120, -45));
        page.browser.see(OpenPage.ROWS, "come-back");
    }

    @Test
    void shouldFitAPhone() {
        page.browser.size(PHONE_WIDTH, PHONE_HEIGHT);
        for (String view : List.of("", "events?part=GBM", "event/1", "filters", "broker")) {
            page.go(view);
            PageChecks.narrow(page.browser);
        }
    }

    @Test
    void shouldBeUsedByKeyboard() {
        page.goLive();
        page.browser.reload();
        page.browser.see(OpenPage.LIVE);
        page.browser.press(Keys.TAB);
        assertEquals("skip", page.browser.focused().getAttribute("id"));
        for (int n = 0; n < MOST_TABS && !"night".equals(page.browser.focused().getAttribute("id")); n++) {
            page.browser.press(Keys.TAB);
        }
        assertEquals("night", page.browser.focused().getAttribute("id"));
        page.browser.press("/");
        assertEquals("search-text", page.browser.focused().getAttribute("id"));
        page.browser.press("GBM_Fin", Keys.ENTER);
        page.browser.see("#summary", "3 events");
        page.browser.press("j", "j", "k", Keys.ENTER);
        page.browser.see("#position");

        page.browser.open("about:blank");
        page.go("filters");
        page.browser.see("#filter-list");
        Set<String> wanted = Set.of("filter-name", "filter-text", "try", "save");
        Set<String> reached = new HashSet<>();
        for (int n = 0; n < MOST_TABS && !reached.containsAll(wanted); n++) {
            page.browser.press(Keys.TAB);
            reached.add(page.browser.focused().getAttribute("id"));
            assertTrue(page.browser.holds("document.activeElement === document.body || parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 1"),
                    "where the focus is cannot be seen");
        }
        assertTrue(reached.containsAll(wanted), reached.toString());
        String name = OpenPage.name();
        page.browser.see("#filter-name").sendKeys(name, Keys.TAB, Keys.TAB, Keys.TAB);
        assertEquals("filter-text", page.browser.focused().getAttribute("id"));
        page.browser.press("@role='test'");
        for (int n = 0; n < 10 && !"save".equals(page.browser.focused().getAttribute("id")); n++) {
            page.browser.press(Keys.TAB);
        }
        page.browser.press(Keys.ENTER);
        page.browser.see("h1", name);
        page.browser.see(OpenPage.LIVE);
    }

    @Test
    void shouldBeSmall() {
        PageCost.prepare(page.browser);
        PageCost cost = PageCost.of(page.browser, page.address());
        assertTrue(cost.bytes() < MOST_BYTES, cost.toString());
    }

    @Test
    void shouldNotGrowWithWhatComes() throws IOException {
        page.goLive();
        int count = 1500;
        String prefix = OpenPage.name() + "-many-";
        try (VtpPeer author = VtpPeer.connect(page.broker.receivePort)) {
            for (int n = 0; n < count; n++) {
                author.send(SampleEvents.event("ivo://test.author/page#" + prefix + n).bytes());
                author.read();
            }
        }
        page.browser.see("#events tr:first-child", prefix + (count - 1));
        double rows = page.browser.number("document.querySelectorAll('#events tr').length");
        assertTrue(rows >= 100 && rows <= 1000, "rows " + rows);
        assertTrue(page.browser.number("document.querySelectorAll('*').length") < 20 * rows + 1000);
    }
}
