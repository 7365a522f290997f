"""Speed of the centre: the way of events through the journal and the views."""

from bench.centre import journal
from bench.report import Report


def run() -> Report:
    """The bench."""
    report = Report("journal and views")
    journal.measure(report)
    return report
