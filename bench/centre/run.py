"""Speed of the centre's parts."""

from bench.centre import routing
from bench.report import Report


def run() -> Report:
    """The matcher."""
    report = Report("routing")
    routing.measure(report)
    return report
