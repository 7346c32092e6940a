"""Times filters in libxml2, through lxml: `filters.py FOLDER`, as FilterComparison lays it out.

Prints, a line for each workload: its name, the median and the least microseconds for one event, how many verdicts were
positive. The rule is Comet's: an error does not pass, all else by Python's truth.
"""
import pathlib
import statistics
import sys
import time

from lxml import etree

WARM = 3
MEASURED = 9
LEAST_SECONDS = 0.2


def passes(xpath, root):
    try:
        return bool(xpath(root))
    except etree.XPathEvalError:
        return False


def one_pass(filters, roots):
    count = 0
    start = time.perf_counter()
    for root in roots:
        for xpath in filters:
            if passes(xpath, root):
                count += 1
    return time.perf_counter() - start, count


def main(folder):
    parser = etree.XMLParser(resolve_entities=False)
    print("lxml", etree.__version__, "libxml2", ".".join(map(str, etree.LIBXML_VERSION)), sep="\t")
    for workload in sorted(folder.iterdir()):
        roots = [etree.fromstring(path.read_bytes(), parser) for path in sorted((workload / "events").iterdir())]
        filters = [etree.XPath(text) for text in (workload / "filters").read_text("utf-8").split("\n")]
        times = []
        for turn in range(WARM + MEASURED):
            spent, turns, count = 0.0, 0, 0
            while spent < LEAST_SECONDS:
                seconds, count = one_pass(filters, roots)
                spent += seconds
                turns += 1
            if turn >= WARM:
                times.append(spent / turns / len(roots) * 1e6)
        print(workload.name, statistics.median(times), min(times), count, sep="\t", flush=True)


main(pathlib.Path(sys.argv[1]))
