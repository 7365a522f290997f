"""Speed of the flow language: blocks a second of the runner, and the wait of contacts at a function."""

from bench.flows import functions, runner
from bench.report import Report


def run() -> Report:
    """The bench."""
    report = Report("the runner, and contacts at functions")
    runner.measure(report)
    functions.measure(report)
    return report
