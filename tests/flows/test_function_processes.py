"""The processes that local functions run in: side by side, replaced when they hang, with a log of their own."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from switchroom.base.arns import Site
from switchroom.channels.functions import CallLog, FunctionFailed, FunctionRunner
from switchroom.channels.functions.local import PROCESSES

pytestmark = pytest.mark.process
ARN = "arn:aws:lambda:us-east-1:123456789012:function:lookup"


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[FunctionRunner]:
    made = FunctionRunner(tmp_path, Site())
    yield made
    await made.close()


def write(folder: Path, body: str) -> None:
    (folder / "lookup.py").write_text(body)


async def invoke(runner: FunctionRunner, event: str = "{}", timeout_ms: int = 8_000, **more: Any) -> Any:
    return await runner.invoke(ARN, event, timeout_ms, **more)


async def test_calls_run_side_by_side(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-124: so many calls are in the handler at once that each can wait for all others of its process."""
    write(
        tmp_path,
        "import os, threading\n"
        "gate = threading.Barrier(12)\n"
        "def handler(event, context):\n    gate.wait(7)\n    return {'pid': os.getpid()}\n",
    )
    answers = await asyncio.gather(*(invoke(runner) for _ in range(12)))
    assert len({answer["pid"] for answer in answers}) == 1


async def test_a_crowd_is_spread(runner: FunctionRunner, tmp_path: Path) -> None:
    """Calls beyond a crowd go to further processes."""
    write(
        tmp_path,
        "import os, time\ndef handler(event, context):\n    time.sleep(0.4)\n    return {'pid': os.getpid()}\n",
    )
    first = await invoke(runner)
    answers = [first]
    for _ in range(3):
        answers += await asyncio.gather(*(invoke(runner) for _ in range(100)))
    assert len({answer["pid"] for answer in answers}) == PROCESSES


async def test_one_at_a_time(runner: FunctionRunner, tmp_path: Path) -> None:
    """A handler that cannot run in threads says so, and never runs twice in a process."""
    write(
        tmp_path,
        "import time\nCONCURRENT_CALLS = 1\nnow = 0\n"
        "def handler(event, context):\n    global now\n    now += 1\n    seen = now\n"
        "    time.sleep(0.02)\n    now -= 1\n    return {'seen': seen}\n",
    )
    answers = await asyncio.gather(*(invoke(runner) for _ in range(20)))
    assert {answer["seen"] for answer in answers} == {1}


async def test_a_slow_call_delays_no_other(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-125: while some calls hang until their time is over, others are answered by the same process."""
    write(
        tmp_path,
        "import os, threading\nhang = threading.Event()\n"
        "def handler(event, context):\n"
        "    if event.get('hang'):\n        hang.wait()\n    return {'pid': os.getpid()}\n",
    )
    before = await invoke(runner)
    slow = [asyncio.create_task(invoke(runner, '{"hang": 1}', 3_000)) for _ in range(10)]
    quick = [await invoke(runner) for _ in range(10)]
    assert not any(task.done() for task in slow)
    assert {answer["pid"] for answer in quick} == {before["pid"]}
    for task in slow:
        with pytest.raises(FunctionFailed, match="did not answer in time"):
            await task


async def test_hanging_threads_are_got_rid_of(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-125: a process whose thread does not come back is replaced; what runs in it is still answered."""
    write(
        tmp_path,
        "import os, threading, time\nhang = threading.Event()\n"
        "def handler(event, context):\n"
        "    if event.get('hang'):\n        hang.wait()\n"
        "    time.sleep(event.get('sleep', 0))\n    return {'pid': os.getpid()}\n",
    )
    before = await invoke(runner)
    long = asyncio.create_task(invoke(runner, '{"sleep": 2.5}'))
    with pytest.raises(FunctionFailed):
        await invoke(runner, '{"hang": 1}', 300)
    assert await long == before
    while (await invoke(runner)) == before:
        await asyncio.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        while True:
            os.kill(before["pid"], 0)
            await asyncio.sleep(0.05)


async def test_a_changed_file_lets_calls_finish(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-124: a call under way ends in the code it began in; the next one runs the new code."""
    body = (
        "import time\ndef handler(event, context):\n    time.sleep(event.get('sleep', 0))\n    return {'version': 1}\n"
    )
    write(tmp_path, body)
    assert await invoke(runner) == {"version": 1}
    old = asyncio.create_task(invoke(runner, '{"sleep": 1}'))
    await asyncio.sleep(0.2)
    write(tmp_path, body.replace("'version': 1", "'version': 2"))
    assert await invoke(runner) == {"version": 2}
    assert await old == {"version": 1}


async def test_log_of_a_call(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-124: prints of calls that run at once do not mix; a failure leaves its traceback."""
    write(
        tmp_path,
        "import sys, time\n"
        "def handler(event, context):\n"
        "    print('begin', event['n'], context.aws_request_id)\n"
        "    time.sleep(0.05)\n"
        "    print('end', event['n'], end='')\n"
        "    if event['n'] == 3:\n        raise KeyError('three')\n"
        "    return {}\n",
    )
    logs: list[list[CallLog]] = [[] for _ in range(6)]
    calls = [invoke(runner, f'{{"n": {n}}}', tries=logs[n]) for n in range(6)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    for n, (log,) in enumerate(logs):
        assert log.lines[0] == f"begin {n} {log.request}"
        assert log.lines[-1].endswith(f"end {n}") or n == 3
        assert log.arn == ARN
    assert isinstance(answers[3], FunctionFailed)
    assert "KeyError" in logs[3][0].fault
    assert any("KeyError: 'three'" in line for line in logs[3][0].lines)


async def test_noise_is_bounded(runner: FunctionRunner, tmp_path: Path) -> None:
    """A handler that prints without end keeps its first lines."""
    write(
        tmp_path,
        "def handler(event, context):\n    for n in range(5000):\n        print(n, 'x' * 20000)\n    return {}\n",
    )
    log: list[CallLog] = []
    assert await invoke(runner, tries=log) == {}
    assert len(log[0].lines) == 200
    assert max(len(line) for line in log[0].lines) == 8 * 1024


async def test_tries_are_logged_one_by_one(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-125, BLK-090: a handler whose process dies is tried again, three times at most."""
    write(tmp_path, "import os\ndef handler(event, context):\n    print('dying')\n    os._exit(1)\n")
    log: list[CallLog] = []
    with pytest.raises(FunctionFailed, match="broke down"):
        await invoke(runner, tries=log)
    assert len(log) == 4
    assert len({one.request for one in log}) == 4
