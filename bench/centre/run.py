"""Speed of the centre: matching, and the way of events through the journal and the views."""

from bench.centre import journal, routing
from bench.report import Report


def run() -> Report:
    """The bench."""
    report = Report("matcher, journal and views")
    routing.measure(report)
    journal.measure(report)
    return report
