"""What came of a simulation as one page of HTML with charts; it needs nothing beside itself."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import ceil, isnan, log10

from switchroom.features.simulation.study import Estimate, Report

SHARES = ("abandonment", "service_level", "occupancy")
SECONDS = ("answer_time", "abandon_time", "longest_wait", "handle_time")
_QUEUE_CHARTS = ("service_level", "queue_length", "answer_time", "abandonment", "queued")
_COLUMNS = ("queued", "answered", "abandonment", "service_level", "answer_time", "longest_wait", "queue_length")
_COLOURS = ("#2364c4", "#c2410c", "#0f8a5f", "#8b3fc0", "#b8860b", "#0e7490")
_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 12, 26

_STYLE = """
:root { color-scheme: light dark; --ink: #16191f; --soft: #5f6b7a; --line: #d5dbdb; --paper: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebed; --soft: #a4aeba; --line: #414d5c; --paper: #0f1b2a } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1340px;
  margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin-bottom: 0 } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem } p { color: var(--soft) }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } th { text-align: right; font-weight: 600 }
td { text-align: right } th, td { padding: .25rem .8rem; border-bottom: 1px solid var(--line) }
th:first-child, td:first-child { text-align: left } small { color: var(--soft) }
.charts { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0; width: 640px; max-width: 100% }
figcaption { font-weight: 600 } svg { width: 100%; height: auto } svg text { fill: var(--soft); font-size: 11px }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .4em 0 1.2em }
.table { overflow-x: auto; margin: 1rem 0 }
"""


def page(
    reports: Sequence[Report], differences: Mapping[str, Mapping[str, Estimate]], titles: Mapping[str, str]
) -> str:
    """The page. `reports`: the scenario, then its variants; `differences`: what each variant changes, by its name."""
    first = reports[0]
    about = (
        f"{first.replications} replications, service level within {first.service_level:g} s. Ranges and bands hold"
        " the true mean with 95 % confidence."
    )
    body = [f"<h1>{escape(first.name)}</h1><p>{about}</p>"]
    if len(reports) > 1:
        keys = (
            f'<span class="key" style="background: {_colour(at)}"></span>{escape(report.name)}'
            for at, report in enumerate(reports)
        )
        body.append(f"<p>{''.join(keys)}</p>")
    body.append(_table("All queues", ((one.name, one.all) for one in reports), titles))
    if differences:
        rows = ((f"{name}: what it changes", found) for name, found in differences.items())
        body.append(_table("Differences", rows, titles, signed=True))
    for name in dict.fromkeys(name for report in reports for name in report.queues):
        body += [f"<h2>{escape(name)}</h2>", *_queue(name, reports, titles)]
    body.append("<h2>Agents</h2>")
    body.append('<div class="charts">')
    for name in dict.fromkeys(name for report in reports for name in report.profiles):
        for figure in ("occupancy", "staffed"):
            series = [
                (report.name, [row[figure] for row in report.profiles[name].intervals])
                for report in reports
                if name in report.profiles
            ]
            body.append(_chart(f"{name}: {titles[figure].lower()}", figure, series, first))
    body.append("</div>")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(first.name)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{''.join(body)}</body></html>\n"
    )


def _queue(name: str, reports: Sequence[Report], titles: Mapping[str, str]) -> Iterable[str]:
    having = [report for report in reports if name in report.queues]
    yield _table("", ((report.name, report.queues[name].total) for report in having), titles)
    yield '<div class="charts">'
    for figure in _QUEUE_CHARTS:
        series = [(report.name, [row[figure] for row in report.queues[name].intervals]) for report in having]
        yield _chart(titles[figure], figure, series, reports[0])
    yield "</div>"


def _table(
    title: str, rows: Iterable[tuple[str, Mapping[str, Estimate]]], titles: Mapping[str, str], signed: bool = False
) -> str:
    head = "".join(f'<th scope="col">{escape(titles[figure])}</th>' for figure in _COLUMNS)
    lines = [
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{_cell(figure, row[figure], signed)}</td>" for figure in _COLUMNS)
        + "</tr>"
        for name, row in rows
    ]
    return (
        f'<div class="table"><table><tr><th scope="col">{escape(title)}</th>{head}</tr>{"".join(lines)}</table></div>'
    )


def _cell(figure: str, found: Estimate, signed: bool) -> str:
    if isnan(found.mean):
        return "–"
    factor, unit = _unit(figure)
    text = f"{found.mean * factor:{'+' if signed else ''}.1f}{unit}"
    return text if isnan(found.high) else f"{text} <small>± {(found.high - found.mean) * factor:.1f}</small>"


def _unit(figure: str) -> tuple[float, str]:
    return (100, " %") if figure in SHARES else (1, " s" if figure in SECONDS else "")


def _chart(title: str, figure: str, series: Sequence[tuple[str, Sequence[Estimate]]], report: Report) -> str:
    """Lines over the intervals, with their bands of confidence."""
    factor, unit = _unit(figure)
    values = [value * factor for _, row in series for one in row for value in (one.mean, one.high) if not isnan(value)]
    top = 100.0 if figure in SHARES else _nice(max(values, default=1.0))
    count = max((len(row) for _, row in series), default=1)
    drawn = [_grid(top, unit.strip(), count, report)]
    for at, (name, row) in enumerate(series):
        colour = _colour(at)
        points = [
            (_x(place, count), _y(one.mean * factor, top), _y(_or(one.high, one.mean) * factor, top),
             _y(_or(one.low, one.mean) * factor, top))
            for place, one in enumerate(row)
            if not isnan(one.mean)
        ]  # fmt: skip
        band = " ".join(
            [f"{x:.1f},{high:.1f}" for x, _, high, _ in points]
            + [f"{x:.1f},{low:.1f}" for x, _, _, low in points[::-1]]
        )
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
        drawn.append(f'<polygon points="{band}" fill="{colour}" opacity="0.18"/>')
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2">')
        drawn.append(f"<title>{escape(name)}</title></polyline>")
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{escape(title)}">{"".join(drawn)}</svg></figure>'
    )


def _grid(top: float, unit: str, count: int, report: Report) -> str:
    parts = []
    for part in range(5):
        y = _y(top * part / 4, top)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * part / 4:g} {unit}</text>')
    step = max(1, ceil(count / 10))
    for place in range(0, count, step):
        x = _x(place, count)
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{clock(report, place)}</text>')
    return "".join(parts)


def clock(report: Report, interval: int) -> str:
    """The time of day at which an interval begins."""
    hours, _, minutes = report.start.partition(":")
    at = int(hours) * 60 + int(minutes) + interval * report.interval
    return f"{at // 60 % 24:02}:{at % 60:02}"


def _x(place: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (place + 0.5) / count


def _y(value: float, top: float) -> float:
    height = _HEIGHT - _TOP - _BOTTOM
    return _TOP + height * (1 - min(max(value, 0.0), top) / top)


def _nice(value: float) -> float:
    """The next number that people count in."""
    if not value > 0 or isnan(value):
        return 1.0
    power: float = 10.0 ** int(log10(value) if value >= 1 else log10(value) - 1)
    return next(power * step for step in (1, 2, 4, 5, 8, 10, 20) if power * step >= value)


def _or(value: float, otherwise: float) -> float:
    return otherwise if isnan(value) else value


def _colour(at: int) -> str:
    return _COLOURS[at % len(_COLOURS)]
