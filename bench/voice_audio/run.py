"""Bridged calls of two legs each through the audio engine, sound both ways, on loopback."""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from bench.report import Line, Report
from bench.voice_audio.load import Callers
from bench.voice_audio.peer import echoed

_PEER_CALLS = 40


class Plane:
    """The measured process, from outside."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.voice_audio.plane"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, do: str, **more: Any) -> dict[str, Any]:
        """One request and its answer."""
        self.tell(do, **more)
        return self.answer()

    def tell(self, do: str, **more: Any) -> None:
        """One request."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """To the oldest request without one."""
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        self.ask("stop")
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@dataclass(frozen=True, slots=True)
class Figures:
    """What so many calls cost."""

    cpu: float
    """Share of one core, of the whole process."""
    lost: float
    """Share of frames that never came, came late, or were made up."""
    delivered: float
    """Packets the callers got, of those they should have."""
    late_ticks: float
    """Share of the engine's ticks that began over 10 ms late."""
    memory_per_call: float
    """Bytes."""
    delay_ms: float
    callers_late: int


def bridged(calls: int, *, recorded: int = 0, secure: bool = True, seconds: float = 10.0, busy: float = 0.0) -> Figures:
    """Two legs a call, all talking; the second leg of each by SRTP when `secure`; the first `recorded` calls recorded.

    `busy`: the share of a core another Python thread of the process uses meanwhile.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    plane, callers = Plane(), Callers(2 * calls, secure=secure)
    try:
        idle = plane.ask("idle")["memory"]
        callers.call(plane.ask("open", legs=callers.legs(), recorded=recorded, busy=busy)["ports"])
        callers.talk(2.0)
        plane.tell("begin")
        heard = callers.talk(seconds)
        plane.tell("end")
        callers.talk(0.5)
        plane.answer()
        end = plane.answer()
        plane.ask("close")
    finally:
        plane.close()
        callers.close()
    return Figures(
        cpu=end["cpu"],
        lost=max(end["lost"], end["concealed"]),
        delivered=heard.packets / (heard.seconds * 50 * 2 * calls),
        late_ticks=end["late"] / max(1, end["ticks"]),
        memory_per_call=(end["memory"] - idle) / calls,
        delay_ms=end["delay_ms"],
        callers_late=heard.late_ticks,
    )


def in_a_row(calls: int, at_once: int = 50) -> tuple[int, int]:
    """Bytes and descriptors more than after the first tenth, when so many calls came and went."""
    plane, first = Plane(), {}
    try:
        for number in range(calls // at_once):
            callers = Callers(2 * at_once, secure=True)
            callers.call(plane.ask("open", legs=callers.legs(), recorded=at_once // 5, busy=0.0)["ports"])
            callers.talk(0.3)
            left = plane.ask("close")
            callers.close()
            if number + 1 == max(1, calls // at_once // 10):
                first = left
        time.sleep(0.5)
        left = plane.ask("idle")
    finally:
        plane.close()
    return left["memory"] - first["memory"], left["descriptors"] - first["descriptors"]


def run() -> Report:
    """250 calls as the goal has them, the same beside a busy thread, 2,000 calls in a row."""
    report = Report("calls bridged by the audio engine")
    figures = bridged(250, recorded=100)
    report.add(Line("250 calls, SRTP on one side, 100 recorded: cpu", figures.cpu * 100, "%", at_most=60))
    peer = echoed(_PEER_CALLS) / _PEER_CALLS
    report.add(
        Line(
            "  cpu of one leg",
            figures.cpu * 100 / 500,
            "%",
            peer / (figures.cpu / 500),
            "less than a leg echoed by baresip-python (plain RTP)",
            at_least=5,
        )
    )
    report.add(Line("  frames late, lost or made up", figures.lost * 100, "%", at_most=0.5))
    report.add(Line("  packets delivered", figures.delivered * 100, "%", at_least=99.5))
    report.add(Line("  ticks over 10 ms late", figures.late_ticks * 100, "%"))
    report.add(Line("  jitter buffer", figures.delay_ms, "ms"))
    report.add(Line("  memory a call", figures.memory_per_call / 1024, "kB"))
    busy = bridged(250, recorded=100, busy=0.3)
    report.add(Line("the same beside a thread that uses 30 %: frames", busy.lost * 100, "%", at_most=0.5))
    octets, descriptors = in_a_row(2000)
    report.add(Line("2,000 calls in a row leave", octets / 1e6, "MB", at_most=5))
    report.add(Line("  and descriptors", descriptors, "", at_most=0))
    return report
