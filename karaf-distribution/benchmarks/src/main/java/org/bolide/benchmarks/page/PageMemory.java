package org.bolide.benchmarks.page;

import java.util.Map;

/**
 * What the page that is open holds, after a collection.
 *
 * @param heapBytes of its JavaScript
 * @param nodes of all documents, those that nothing shows any more among them
 * @param listeners for events of the document
 * @param rows of the list of events
 */
public record PageMemory(long heapBytes, long nodes, long listeners, long rows) {

    /** Collects, and looks. */
    public static PageMemory of(Browser browser) {
        browser.protocol("HeapProfiler.collectGarbage", Map.of());
        Map<?, ?> heap = browser.protocol("Runtime.getHeapUsage", Map.of());
        Map<?, ?> counters = browser.protocol("Memory.getDOMCounters", Map.of());
        return new PageMemory(number(heap, "usedSize"), number(counters, "nodes"), number(counters, "jsEventListeners"),
                (long) browser.number("document.querySelectorAll('" + PageCost.ROW + "').length"));
    }

    private static long number(Map<?, ?> answer, String name) {
        return ((Number) answer.get(name)).longValue();
    }
}
