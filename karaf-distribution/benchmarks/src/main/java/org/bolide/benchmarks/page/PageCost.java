package org.bolide.benchmarks.page;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What it cost to open the page, as the browser itself has measured it, with nothing in its cache: Navigation and Resource
 * Timing of the W3C. The connection on which the page is told of new events stays open and is not in it.
 *
 * @param bytes that came over the network, heads of answers among them
 * @param requests that were answered
 * @param loadMillis from the beginning to the document's {@code load}
 * @param shownMillis from the beginning until the first event stood in the list
 * @param byAddress the bytes, by the address without the host
 */
public record PageCost(long bytes, int requests, double loadMillis, double shownMillis, Map<String, Long> byAddress) {

    /** A row of the list of events. */
    static final String ROW = "#events tr";

    private static final String WATCH_FOR_ROWS = """
            new MutationObserver((changes, observer) => {
              if (document.querySelector('%s')) {
                window.shownMillis = performance.now();
                observer.disconnect();
              }
            }).observe(document, {childList: true, subtree: true});
            """.formatted(ROW);

    private static final String ENTRIES = """
            return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
              .map(entry => [new URL(entry.name).pathname + new URL(entry.name).search, entry.transferSize]);
            """;

    /** Once for each browser: from now on, each page that is opened notes when its first event is shown, and nothing is cached. */
    public static void prepare(Browser browser) {
        browser.protocol("Network.enable", Map.of());
        browser.protocol("Network.setCacheDisabled", Map.of("cacheDisabled", true));
        browser.protocol("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH_FOR_ROWS));
    }

    /** Opens the page, which has events to show, and waits until it is quiet. */
    public static PageCost of(Browser browser, String address) {
        browser.open("about:blank");
        browser.open(address);
        browser.see(ROW);
        Browser.until("the page is live", () -> browser.visible("#live[data-state=live]").size(), count -> count == 1);
        Map<String, Long> byAddress = new TreeMap<>();
        List<?> entries = (List<?>) browser.script(ENTRIES);
        for (Object entry : entries) {
            List<?> pair = (List<?>) entry;
            byAddress.merge(pair.get(0).toString().replaceAll("=2\\d{3}-[^&]*", "=…"), ((Number) pair.get(1)).longValue(), Long::sum);
        }
        return new PageCost(byAddress.values().stream().mapToLong(Long::longValue).sum(), entries.size(),
                browser.number("performance.getEntriesByType('navigation')[0].loadEventEnd"), browser.number("window.shownMillis"), byAddress);
    }
}
