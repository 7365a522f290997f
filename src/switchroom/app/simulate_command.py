"""`switchroom simulate`: plays a described day through the decisions that route live contacts, and reports it."""

import csv
import sys
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any

import click
import msgspec

from switchroom.app.remote import ask, node_options
from switchroom.app.simulation_page import SECONDS, SHARES, clock, page
from switchroom.base import memory
from switchroom.features.simulation.measures import Measures
from switchroom.features.simulation.scenario import BadScenario, Scenario, load
from switchroom.features.simulation.study import FIGURES, Estimate, Report, difference, study

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TITLES = {
    "queued": "Queued",
    "answered": "Answered",
    "abandoned": "Abandoned",
    "abandonment": "Abandonment",
    "service_level": "Service level",
    "answer_time": "Speed of answer",
    "abandon_time": "Abandon time",
    "longest_wait": "Longest wait",
    "queue_length": "Queue length",
    "longest_queue": "Longest queue",
    "handle_time": "Handle time",
    "occupancy": "Occupancy",
    "staffed": "Agents",
}


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--live", metavar="INSTANCE", help="Instead of FILE: draft this instance of a running node from its past."
)
@click.option("--weekday", type=click.Choice(_WEEKDAYS), help="Of --live: this day, not that on which most come.")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Of --live: keep the draft, to change it."
)
@click.option("--replications", type=click.IntRange(1, 1_000), help="Instead of those of the file.")
@click.option("--seed", type=int, help="Instead of that of the file.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that play.")
@click.option("--intervals", is_flag=True, help="Print a row for each interval too.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write everything as JSON.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the intervals as CSV.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with charts.")
@node_options
def simulate(
    file: Path | None,
    live: str | None,
    weekday: str | None,
    save: Path | None,
    replications: int | None,
    seed: int | None,
    workers: int,
    intervals: bool,
    json_file: Path | None,
    csv_file: Path | None,
    html_file: Path | None,
    **node: Any,
) -> None:
    """Play FILE (YAML) and each of its variants; see docs/simulator.md.

    Figures are means over the replications with their 95 % confidence interval. A variant is compared with the
    scenario customer by customer, as the same ones come to both.
    """
    scenarios = _scenarios(file, live, weekday, save, node)
    reports: list[Report] = []
    differences: dict[str, dict[str, Estimate]] = {}
    first: list[Measures] = []
    for scenario in scenarios.values():
        chosen = _with(scenario, replications, seed)
        found, plays = _played(chosen, workers)
        reports.append(found)
        _print(found, intervals)
        if first:
            differences[found.name] = difference(first, plays)
            _print_difference(reports[0].name, found.name, differences[found.name])
        first = first or plays
    if json_file is not None:
        json_file.write_bytes(msgspec.json.encode(reports))
    if csv_file is not None:
        _write_csv(csv_file, reports)
    if html_file is not None:
        html_file.write_text(page(reports, differences, _TITLES), encoding="utf-8")


def _scenarios(
    file: Path | None, live: str | None, weekday: str | None, save: Path | None, node: dict[str, Any]
) -> dict[str, Scenario]:
    if (file is None) == (live is None):
        raise click.UsageError("Give FILE or --live")
    if file is not None:
        try:
            return load(file.read_text(encoding="utf-8"), file.parent)
        except BadScenario as wrong:
            raise click.ClickException(f"{file}: {wrong}") from None
    draft = ask(node, "draft_simulation", InstanceId=live, Source="LIVE", Weekday=weekday.upper() if weekday else None)
    for note in draft.get("Notes") or ():
        click.echo(note, err=True)
    if save is not None:
        save.write_text(draft["Scenario"], encoding="utf-8")
    return load(draft["Scenario"])


def _with(scenario: Scenario, replications: int | None, seed: int | None) -> Scenario:
    if replications is not None:
        scenario = msgspec.structs.replace(scenario, replications=replications)
    return scenario if seed is None else msgspec.structs.replace(scenario, seed=seed)


def _played(scenario: Scenario, workers: int) -> tuple[Report, list[Measures]]:
    memory.compute()
    with click.progressbar(length=1_000, label=scenario.name, file=sys.stderr) as bar:
        reached = 0

        def progress(share: float) -> None:
            nonlocal reached
            now = int(share * 1_000)
            bar.update(now - reached)
            reached = now

        return study(scenario, workers=workers, progress=progress)


def _print(report: Report, intervals: bool) -> None:
    click.echo(
        f"\n{report.name}: {report.replications} replications, service level within {report.service_level:g} s\n"
    )
    rows = {name: queue.total for name, queue in report.queues.items()}
    if len(rows) > 1:
        rows["All queues"] = report.all
    _table("Queue", FIGURES, rows)
    _table("Routing profile", ("occupancy", "staffed"), {name: crew.total for name, crew in report.profiles.items()})
    if not intervals:
        return
    for name, queue in report.queues.items():
        moments = [clock(report, at) for at in range(len(queue.intervals))]
        _table(name, FIGURES, dict(zip(moments, queue.intervals, strict=True)))


def _print_difference(before: str, after: str, found: Mapping[str, Estimate]) -> None:
    click.echo(f"\n{after} against {before}: what changes over all queues\n")
    _table("", FIGURES, {"Difference": found}, signed=True)


def _table(
    title: str, figures: tuple[str, ...], rows: Mapping[str, Mapping[str, Estimate]], signed: bool = False
) -> None:
    head = [title, *(_TITLES[name] for name in figures)]
    body = [[name, *(_text(figure, row[figure], signed) for figure in figures)] for name, row in rows.items()]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    for first, *others in (head, *body):
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        click.echo("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    click.echo()


def _text(figure: str, estimate: Estimate, signed: bool) -> str:
    if isnan(estimate.mean):
        return "-"
    factor, unit, digits = (100, " %", 1) if figure in SHARES else (1, " s" if figure in SECONDS else "", 1)
    sign = "+" if signed else ""
    text = f"{estimate.mean * factor:{sign}.{digits}f}{unit}"
    half = (estimate.high - estimate.mean) * factor
    return text if isnan(half) else f"{text} ±{half:.{digits}f}"


def _write_csv(file: Path, reports: list[Report]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["scenario", "queue", "interval", *FIGURES])
        for report in reports:
            for name, queue in report.queues.items():
                for at, row in enumerate(queue.intervals):
                    writer.writerow([report.name, name, at, *(_plain(row[figure].mean) for figure in FIGURES)])


def _plain(value: float) -> str:
    return "" if isnan(value) else f"{value:.6g}"
