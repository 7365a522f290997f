"""The process that plays simulations for a node: one task on standard input, its progress and results on standard
output, a JSON document a line.

It yields the processor to live contacts, and ends when its input is closed: the node is gone, or wants no more of it.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from switchroom.base import memory
from switchroom.features.simulation.results import report_form
from switchroom.features.simulation.scenario import BadScenario, Scenario, load
from switchroom.features.simulation.study import compare, study

NICENESS = 15


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What to play: a study of `scenario`, or a replay (see `replay_command`) of an instance's span (epoch ms)."""

    kind: str
    scenario: str = ""
    replications: int | None = None
    database_url: str = ""
    instance: str = ""
    region: str = ""
    account: str = ""
    span: tuple[int, int] = (0, 0)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the process says: one of these."""

    progress: float | None = None
    results: msgspec.Raw = msgspec.Raw()
    error: str | None = None


def main() -> None:
    """Entry of the process."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    memory.compute()
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        results = perform(task, lambda share: _say(Line(progress=share)))
    except BadScenario as wrong:
        _say(Line(error=str(wrong)))
        return
    _say(Line(results=msgspec.Raw(msgspec.json.encode(results))))


def perform(task: Task, progress: Callable[[float], None]) -> Any:
    """The results of a task, as they are answered. Raises BadScenario."""
    if task.kind == "REPLAY":
        from switchroom.features.simulation.replay_task import replay_task

        return asyncio.run(replay_task(task, progress))
    return studies(load(task.scenario), task.replications, progress)


def studies(
    scenarios: dict[str, Scenario], replications: int | None, progress: Callable[[float], None]
) -> list[dict[str, Any]]:
    """Reports of a scenario and of its variants with what each variant changes."""
    reports = []
    first = None
    for number, scenario in enumerate(scenarios.values()):
        chosen = msgspec.structs.replace(scenario, replications=replications or scenario.replications)

        def part(share: float, before: int = number) -> None:
            progress((before + share) / len(scenarios))

        report, plays = study(chosen, progress=part)
        if first is None:
            first = plays
            reports.append(report_form(report))
        else:
            everything, by_queue = compare(chosen, first, plays)
            reports.append(report_form(report, everything, by_queue))
    return reports


def _say(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def _end_with_input() -> None:
    while os.read(0, 1_024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
