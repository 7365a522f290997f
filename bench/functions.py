"""How long contacts wait for their turn at a function, beyond the function's own time (goal: 20 ms at p99)."""

import asyncio
import tempfile
import time
from pathlib import Path

from switchroom.base.arns import Site
from switchroom.channels.functions import FunctionRunner

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


def main() -> None:
    """Print the median, p99 and the longest wait."""
    for own_ms, over_ms in ((1_000, 1_000), (100, 1_000), (100, 0)):
        found = asyncio.run(waits(own_ms=own_ms, over_ms=over_ms))
        middle, late = found[len(found) // 2], found[len(found) * 99 // 100]
        print(
            f"own {own_ms} ms, {len(found)} contacts over {over_ms} ms: "
            f"p50 {middle:.1f} ms, p99 {late:.1f} ms, longest {found[-1]:.1f} ms"
        )


if __name__ == "__main__":
    main()
