"""How long contacts wait for their turn at a function, beyond the function's own time (goal: 20 ms at p99)."""

import asyncio
import tempfile
import time
from pathlib import Path

from bench.report import Line, Report
from switchroom.base.arns import Site
from switchroom.channels.functions import FunctionRunner

GOAL_MS = 20
HANDLER = "import time\ndef handler(event, context):\n    time.sleep({seconds})\n    return {{'ok': 'yes'}}\n"
EVENT = '{"Details": {"ContactData": {"Attributes": {"a": "' + "x" * 800 + '"}}, "Parameters": {}}}'


async def waits(contacts: int = 1_000, own_ms: int = 1_000, over_ms: int = 1_000) -> list[float]:
    """Milliseconds that each of `contacts` waited beyond the function's own time; sorted.

    The contacts come to the call evenly over `over_ms`; with as long an own time they are all at the call at once.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "work.py").write_text(HANDLER.format(seconds=own_ms / 1000))
        runner = FunctionRunner(Path(folder), Site())
        arn = runner.arn("work")
        await asyncio.gather(*(runner.invoke(arn, EVENT, 8_000) for _ in range(64)))

        async def contact(number: int) -> float:
            await asyncio.sleep(number * over_ms / contacts / 1000)
            begun = time.perf_counter()
            await runner.invoke(arn, EVENT, 8_000)
            return (time.perf_counter() - begun) * 1000 - own_ms

        found = await asyncio.gather(*(contact(number) for number in range(contacts)))
        await runner.close()
    return sorted(found)


def measure(report: Report) -> None:
    """1,000 contacts at a call at once: those who come within a second, and those who come in the same moment."""
    for own_ms, over_ms, goal in ((1_000, 1_000, GOAL_MS), (100, 1_000, GOAL_MS), (100, 0, None)):
        found = asyncio.run(waits(own_ms=own_ms, over_ms=over_ms))
        name = f"p99 wait, {len(found)} contacts in {over_ms} ms at a call of {own_ms} ms"
        report.add(Line(name, found[len(found) * 99 // 100], "ms", at_most=goal))
