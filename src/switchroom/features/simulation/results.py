"""Results in the form in which they are kept and answered."""

from collections.abc import Mapping
from math import isnan
from typing import Any

from switchroom.features.simulation.study import CrewReport, Estimate, QueueReport, Report


def report_form(
    report: Report,
    differences: Mapping[str, Estimate] | None = None,
    queue_differences: Mapping[str, Mapping[str, Estimate]] | None = None,
) -> dict[str, Any]:
    """A `SimulationReport`; the differences are those of a variant to the scenario."""
    form: dict[str, Any] = {
        "Name": report.name,
        "Start": report.start,
        "IntervalMinutes": report.interval,
        "Replications": report.replications,
        "ServiceLevelSeconds": report.service_level,
        "All": _figures(report.all),
        "Queues": [_group(name, queue) for name, queue in report.queues.items()],
        "Profiles": [_group(name, crew) for name, crew in report.profiles.items()],
    }
    if differences is not None:
        form["Differences"] = _figures(differences)
    if queue_differences is not None:
        form["QueueDifferences"] = {name: _figures(found) for name, found in queue_differences.items()}
    return form


def _group(name: str, group: QueueReport | CrewReport) -> dict[str, Any]:
    return {"Name": name, "Total": _figures(group.total), "Intervals": [_figures(one) for one in group.intervals]}


def _figures(figures: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {name: _estimate(found) for name, found in figures.items()}


def _estimate(found: Estimate) -> dict[str, float]:
    given = (("Mean", found.mean), ("Low", found.low), ("High", found.high))
    return {name: round(value, 6) for name, value in given if not isnan(value)}
