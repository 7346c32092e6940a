package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.bolide.benchmarks.page.Browser;
import org.bolide.benchmarks.page.Night;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The product's page in a real browser, used as a person uses it. */
class PageProcessIT extends InABrowser {

    private static final String PASSWORD = "correct horse";

    @Test
    void shouldShowTheSkyAndWhatComes() throws IOException {
        page.goLive();
        assertEquals(Night.events().size(), page.browser.texts(OpenPage.ROWS).stream().filter(text -> !text.contains("page")).count());
        String name = OpenPage.name();
        int before = marks();
        page.accepted(OpenPage.event(name, "observation", 180, -60));
        page.browser.see(OpenPage.ROWS, name);
        Browser.until("its mark on the map", PageProcessIT::marks, marks -> marks > before);
        PageChecks.accessible(page.browser);
    }

    /** Points of the map that have the colour of an observation. */
    private static int marks() {
        return (int) page.browser.number("""
                (() => {
                  const map = document.querySelectorAll('.map canvas')[1];
                  const copy = new OffscreenCanvas(map.width, map.height).getContext('2d', {willReadFrequently: true});
                  copy.drawImage(map, 0, 0);
                  const data = copy.getImageData(0, 0, map.width, map.height).data;
                  let count = 0;
                  for (let i = 3; i < data.length; i += 4) { count += data[i] > 150 ? 1 : 0; }
                  return count;
                })()""");
    }

    @Test
    void shouldShowAnAlertWithinASecond() throws IOException {
        page.goLive();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 1000; attempt++) {
            String name = OpenPage.name();
            page.browser.script("""
                    window.shownAt = null;
                    new MutationObserver((changes, observer) => {
                      if (document.querySelector('#events').textContent.includes(arguments[0])) {
                        requestAnimationFrame(() => { window.shownAt = Date.now(); });
                        observer.disconnect();
                      }
                    }).observe(document.querySelector('#events'), {childList: true, subtree: true});
                    """, name);
            long begun = System.currentTimeMillis();
            page.accepted(OpenPage.event(name, "test", 10, 10));
            double shown = Browser.until(name + " on the page", () -> page.browser.number("window.shownAt ?? 0"), at -> at > 0);
            least = Math.min(least, (long) shown - begun);
        }
        System.out.println("an alert is on the page " + least + " ms after its submission began");
        assertTrue(least <= 1000, least + " ms");
    }

    @Test
    void shouldKeepItsPlaceThroughAKill() throws IOException {
        String prefix = OpenPage.name() + "-kill-";
        page.goLive();
        page.accepted(OpenPage.event(prefix + 0, "test", 20, 20));
        page.browser.see(OpenPage.ROWS, prefix + 0);
        page.broker.kill();
        page.browser.see("#live[data-state=reconnecting]");
        page.startAgain();
        for (int n = 1; n < 20; n++) {
            page.accepted(OpenPage.event(prefix + n, "test", 20, 20));
        }
        page.browser.see(OpenPage.ROWS, prefix + 19);
        page.browser.see(OpenPage.LIVE);
        List<String> expected = IntStream.range(0, 20).mapToObj(n -> prefix + (19 - n)).toList();
        assertEquals(expected, page.browser.texts(OpenPage.ROWS).stream().filter(text -> text.contains(prefix))
                .map(text -> text.replaceAll("(?s).*?(" + prefix + "\\d+).*", "$1")).toList(), "none missing, none twice, the newest first");
        // It has complained of the broker, rightly.
        page.browser.complaints();
    }

    @Test
    void shouldRegisterAFilterAndWatchItsAlerts() throws IOException {
        String name = OpenPage.name();
        page.accepted(OpenPage.event(name + "-before", "observation", 30, 30));
        page.accepted(OpenPage.event(name + "-test", "test", 30, 30));
        page.go("filters");
        page.browser.type("#filter-name", name);
        page.browser.type("#filter-text", "contains(@ivorn, '" + name + "' and @role='observation'");
        page.browser.see("#filter-text[aria-invalid]");
        String error = page.browser.see("#filter-error").getText();
        page.browser.see(".editor mark");
        page.browser.click("#go-to-error");
        double place = page.browser.number("document.querySelector('#filter-text').selectionStart");
        assertTrue(error.startsWith("At character") || error.startsWith("At the end"), error);
        assertTrue(place >= 20, error);
        PageChecks.accessible(page.browser);

        page.browser.type("#filter-text", "contains(@ivorn, '" + name + "') and @role='observation'");
        page.browser.seeNo("#filter-text[aria-invalid]");
        page.browser.click("#try");
        page.browser.see("#trial-text", "it would have matched 1 of");
        page.browser.see("#trial #events tr", name + "-before");
        page.browser.click("#save");
        page.browser.see("h1", name);
        assertTrue(page.browser.address().endsWith("#/filter/" + name), page.browser.address());
        page.browser.see(OpenPage.LIVE);
        page.browser.see(OpenPage.ROWS, name + "-before");
        page.accepted(OpenPage.event(name + "-wrong", "test", 30, 30));
        page.accepted(OpenPage.event(name + "-alert", "observation", 30, 30));
        page.browser.see(OpenPage.ROWS, name + "-alert");
        assertEquals(2, page.browser.texts(OpenPage.ROWS).size());
        PageChecks.accessible(page.browser);

        // Its address shows the same to somebody else.
        page.browser.open("about:blank");
        page.go("filter/" + name);
        page.browser.see(OpenPage.ROWS, name + "-alert");
        page.browser.see(OpenPage.ROWS, name + "-before");
        assertEquals(2, page.browser.texts(OpenPage.ROWS).size());

        page.go("filters");
        page.browser.see("#filter-list", name);
        page.browser.click("[aria-label='Delete " + name + "']");
        PageChecks.accessible(page.browser);
        page.browser.click("#confirm-yes");
        page.browser.seeNo("[data-name=" + name + "]");
        page.go("filter/" + name);
        page.browser.see("p.fault", "There is no filter " + name);
    }

    @Test
    void shouldWatchSeveralFiltersTogether() throws IOException {
        String name = OpenPage.name();
        for (String end : List.of("east", "west")) {
            page.go("filters");
            page.browser.see("#filter-list");
            page.browser.type("#filter-name", name + end);
            page.browser.type("#filter-text", "contains(@ivorn, '" + name + "') and sky:ra() " + (end.equals("east") ? "< 180" : "> 170"));
            page.browser.click("#save");
            page.browser.see("h1", name + end);
        }
        page.go("filters");
        page.browser.click("[aria-label='Choose " + name + "east']");
        page.browser.click("[aria-label='Choose " + name + "west']");
        page.browser.click("#watch-chosen");
        page.browser.see(OpenPage.LIVE);
        page.accepted(OpenPage.event(name + "-one", "test", 20, 0));
        page.accepted(OpenPage.event(name + "-both", "test", 175, 0));
        page.browser.see(OpenPage.ROWS, name + "-both");
        page.browser.see(OpenPage.ROWS, name + "-one");
        assertEquals(List.of(name + "east", name + "west"), page.browser.texts("#events tr:first-child .tag").stream().sorted().toList());
        assertEquals(List.of(name + "east"), page.browser.texts("#events tr:nth-child(2) .tag"));
    }

    @Test
    void shouldLetAnAdministratorActAndNobodyElse() throws Exception {
        Product.Result added = Product.run(directory, new ByteArrayInputStream((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8)), "bolide",
                "--base=" + page.broker.base, "user", "add", "--role=admin", "anna");
        assertEquals(0, added.exit(), added.toString());
        page.go("broker/handlers");
        page.browser.see("#main", "print-event");
        assertEquals(List.of(), page.browser.visible("[aria-label='Pause print-event']"));
        page.go("broker/login");
        page.browser.type("#user", "anna");
        page.browser.type("#password", "wrong horse");
        page.browser.press(Keys.ENTER);
        page.browser.see("#login .fault");
        PageChecks.accessible(page.browser);
        page.browser.type("#password", PASSWORD);
        page.browser.press(Keys.ENTER);
        page.browser.see("#who", "Logged in as anna");
        page.go("broker/handlers");
        page.browser.click("[aria-label='Pause print-event']");
        page.browser.see("#confirm", "handlers pause print-event");
        page.browser.click("#confirm-yes");
        page.browser.see("table", "paused");
        page.browser.click("[aria-label='Resume print-event']");
        page.browser.click("#confirm-yes");
        page.browser.see("[aria-label='Pause print-event']");
        PageChecks.accessible(page.browser);
        assertEquals(1, page.broker.log("audit: anna \\(the page\\): handlers pause print-event").size());
        page.browser.reload();
        page.browser.see("#who", "Logged in as anna");
        page.go("broker/login");
        page.browser.click("#log-out");
        page.browser.see("#login");
        page.go("broker/handlers");
        page.browser.see("#main", "print-event");
        assertEquals(List.of(), page.browser.visible("[aria-label='Pause print-event']"));
    }

    @Test
    void shouldShowTheBrokerAsItsCommandsDo() throws IOException {
        try (VtpPeer subscriber = VtpPeer.subscribe(page.broker.broadcastPort)) {
            page.go("broker");
            page.browser.see("main", Broker.IVOID);
            PageChecks.accessible(page.browser);
            page.go("broker/clients");
            page.browser.see("table", "127.0.0.1:" + subscriber.localPort());
            RelayProcessIT.submit(page.broker.receivePort, "<VOEvent".getBytes(StandardCharsets.UTF_8));
            for (String view : List.of("clients", "remotes", "handlers", "streams", "refused", "dead-letters", "rules", "submit")) {
                page.go("broker/" + view);
                page.browser.seeNo("main .fault");
                PageChecks.accessible(page.browser);
            }
            page.go("broker/refused");
            page.browser.see("table", "malformed");
        }
    }

    @Test
    void shouldShowAnEventInFull() throws IOException {
        try (VtpPeer subscriber = VtpPeer.subscribe(page.broker.broadcastPort)) {
            page.goLive();
            String name = OpenPage.name();
            String cited = name + "-first";
            page.accepted(OpenPage.event(cited, "observation", 250.4235, 36.4613));
            page.accepted(OpenPage.citing(name + "-after", cited));
            subscriber.takeEvent();
            subscriber.takeEvent();
            page.browser.click("#events a", cited);
            page.browser.see("h1", cited);
            page.browser.see("#position", "250.4235 +36.4613");
            page.browser.see("#parts", "12.5");
            page.browser.see("#deliveries", "acknowledged");
            page.browser.see("#deliveries", "127.0.0.1");
            page.browser.see("#raw pre", "<Param name=\"signal\" value=\"12.5\"/>");
            PageChecks.accessible(page.browser);
            page.browser.click("#citations a", name + "-after");
            page.browser.see("h1", name + "-after");
            page.browser.see("#citations", "followup");
            page.browser.see(".note", "no position");
            PageChecks.accessible(page.browser);
            page.browser.back();
            page.browser.see("#position", "250.4235 +36.4613");
        }
    }

    @Test
    void shouldFindEvents() {
        page.go("");
        page.browser.type("#search-text", "05:34:32 +22:00:52 1");
        page.browser.press(Keys.ENTER);
        page.browser.see("#summary", "2 events");
        assertTrue(page.browser.texts(OpenPage.ROWS).stream().allMatch(text -> text.contains("83.6")));
        PageChecks.accessible(page.browser);
        page.browser.type("#search-text", "ivo://nasa.gsfc.gcn/AMON");
        page.browser.press(Keys.ENTER);
        page.browser.see(OpenPage.ROWS, "ICECUBE_GOLD");
    }
}
