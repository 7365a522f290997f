"""`switchroom replay`: recorded contacts played again by a running node."""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from switchroom.app.remote import ask, node_options

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_OVER = ("DONE", "FAILED", "CANCELLED")


@click.command()
@click.argument("instance")
@click.option("--from", "begin", type=_DAY, required=True, help="A day, or a moment of it, in local time.")
@click.option("--to", "end", type=_DAY, help="A day later if not given; at most a week.")
@click.option(
    "--changes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML: how routing profiles and agents differ from now; see docs/simulator.md.",
)
@node_options
def replay(instance: str, begin: datetime, end: datetime | None, changes: Path | None, **node: Any) -> None:
    """Play the contacts of INSTANCE (id) again, with the recorded times of customers and agents, by the live routing.

    Tells how many contacts go to the agent they went to, and what would have been with --changes.
    """
    first = int(begin.timestamp())
    last = int(end.timestamp()) if end is not None else first + 86_400
    text = changes.read_text(encoding="utf-8") if changes is not None else None
    started = ask(node, "replay_day", InstanceId=instance, From=first, To=last, Name=f"{begin:%x}", Changes=text)
    found = _wait(node, instance, started["SimulationId"])
    if found["Simulation"]["State"] != "DONE":
        click.echo(found["Simulation"].get("Error") or found["Simulation"]["State"], err=True)
        sys.exit(1)
    _print(found["Replay"])


def _wait(node: dict[str, Any], instance: str, simulation: str) -> dict[str, Any]:
    with click.progressbar(length=1_000, label="Replay", file=sys.stderr) as bar:
        reached = 0
        while True:
            found = ask(node, "describe_simulation", InstanceId=instance, SimulationId=simulation)
            now = int(found["Simulation"]["Progress"] * 1_000)
            bar.update(max(0, now - reached))
            reached = max(now, reached)
            if found["Simulation"]["State"] in _OVER:
                return found
            time.sleep(0.5)


def _print(replay: dict[str, Any]) -> None:
    share = f" ({replay['Same'] / replay['Contacts']:.1%})" if replay["Contacts"] else ""
    click.echo(f"{replay['Same']} of {replay['Contacts']} contacts go as they went{share}\n")
    head: tuple[str, ...] = ("Queue", "", "Answered", "Abandoned", "Service level", "Speed of answer", "Longest wait")
    rows = [head]
    for queue in [*replay["Queues"], {"Name": "All queues", **replay}]:
        rows.append(_row(queue["Name"], "recorded", queue["Recorded"]))
        rows.append(_row("", "replayed", queue["Simulated"]))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for first, second, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[2:], strict=True))
        click.echo("  ".join([first.ljust(widths[0]), second.ljust(widths[1]), *cells]).rstrip())
    for note in replay.get("Notes") or ():
        click.echo(f"\n{note}")


def _row(name: str, which: str, sums: dict[str, Any]) -> tuple[str, ...]:
    level = sums.get("ServiceLevel")
    times = (sums.get(member) for member in ("AnswerTime", "LongestWait"))
    return (
        *(name, which, str(sums["Answered"]), str(sums["Abandoned"])),
        "-" if level is None else f"{level:.1%}",
        *("-" if seconds is None else f"{seconds:.1f} s" for seconds in times),
    )
