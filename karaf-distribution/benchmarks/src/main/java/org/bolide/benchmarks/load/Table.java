package org.bolide.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table for people, at most 120 columns wide. Rows come as they are measured. */
final class Table {

    private static final int WIDTH = 120;
    private static final String FORMAT = "%-15s %-9s %9s %10s %16s %16s %8s %5s %5s %5s  %s";

    private final PrintStream out;
    private final List<Row> rows = new ArrayList<>();

    Table(PrintStream out) {
        this.out = out;
    }

    void head(Map<String, String> head) {
        head.forEach((name, value) -> line("%-8s %s".formatted(name, value)));
        line("");
        line(FORMAT.formatted("", "", "acked", "delivered", "ack ms", "delivery ms", "CPU", "RSS", "cores", "used", ""));
        line(FORMAT.formatted("scenario", "broker", "events/s", "events/s", "p50 / p99", "p50 / p99", "ms/event", "MB", "gen.",
                "other", ""));
    }

    void row(Row row) {
        rows.add(row);
        boolean ok = row.faults().isEmpty();
        line(FORMAT.formatted(row.scenario().name(), row.broker(), number(row.events(), 0), number(row.deliveries(), 0),
                pair(row.ack()), pair(row.delivery()), number(row.millisPerEvent(), 3), number(row.megabytes(), 0),
                number(row.generatorCores(), 2), number(row.otherCores(), 2), ok ? "ok" : "FAILED"));
        row.faults().forEach((name, count) -> line("    ! %,d %s".formatted(count, name)));
        row.notes().forEach((name, count) -> line("    %,d × %s".formatted(count, name)));
        if (row.generatorBound()) {
            line("    generator-bound: the generator used more than 0.9 of a core; the rate is a lower bound");
        }
        if (!Double.isNaN(row.heapBytes())) {
            line("    %s bytes of heap for each idle subscriber".formatted(number(row.heapBytes(), 0)));
        }
        if (row.scenario().name().equals("sustained")) {
            Meter.Reading cost = row.runs().get(0).cost();
            line("    resident memory %s MB at the beginning, %s at most, %s at the end; oldest delivery %s ms".formatted(
                    number(cost.firstMegabytes(), 0), number(cost.mostMegabytes(), 0), number(cost.lastMegabytes(), 0),
                    number(row.delivery().maxMillis(), 0)));
        }
        if (row.scenario().name().equals("misbehaving")) {
            rows.stream().filter(r -> r.scenario().name().equals("behaving") && r.broker().equals(row.broker())).findFirst()
                    .ifPresent(without -> line("    the others' p99 is %.2f times what it is without the misbehaving".formatted(
                            row.delivery().millis(0.99) / without.delivery().millis(0.99))));
        }
    }

    /** The ratio of two rows of one scenario, the first to the second. */
    void ratio(Row first, Row second) {
        double reference = Report.referenceRate(rows, second);
        line(FORMAT.formatted("", "ratio", number(first.events() / reference, 2),
                number(first.deliveries() / second.deliveries(), 2), ratio(first.ack(), second.ack()),
                ratio(first.delivery(), second.delivery()), number(first.millisPerEvent() / second.millisPerEvent(), 2),
                number(first.megabytes() / second.megabytes(), 2), "", "", ""));
        if (reference != second.events()) {
            line("    %s does not keep connections: compared with the best of its one-shot rates, %s".formatted(second.broker(),
                    number(reference, 0)));
        }
    }

    void line(String text) {
        String stripped = text.stripTrailing();
        out.println(stripped.length() <= WIDTH ? stripped : stripped.substring(0, WIDTH - 1) + "…");
    }

    private static String pair(Histogram histogram) {
        return histogram.total() == 0 ? "" : millis(histogram.millis(0.5)) + " / " + millis(histogram.millis(0.99));
    }

    private static String ratio(Histogram first, Histogram second) {
        return first.total() == 0 || second.total() == 0 ? ""
                : "%s / %s".formatted(number(first.millis(0.5) / second.millis(0.5), 2),
                        number(first.millis(0.99) / second.millis(0.99), 2));
    }

    private static String millis(double value) {
        return number(value, value < 10 ? 2 : value < 100 ? 1 : 0);
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) || Double.isInfinite(value) ? "" : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
