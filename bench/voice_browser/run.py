"""CPU of a browser leg at set-up and in talk: ours and aiortc's, in one run, with the same browsers."""

import json
import subprocess
import sys
import time
from typing import Any

from bench.report import Line, Report

LEGS = {"ours": 40, "aiortc": 8}
SECONDS = 8.0


class Process:
    """A program that answers lines with lines."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"bench.voice_browser.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def write(self, what: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def ask(self, what: Any) -> Any:
        self.write(what)
        return self.read()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def measure(kind: str) -> tuple[float, float, float]:
    """CPU milliseconds of a set-up, per cent of a core of a leg that talks, share of packets that came back."""
    legs = LEGS[kind]
    plane, peers = Process("plane", kind), Process("peer", str(legs))
    try:
        assert plane.read() == "ready"
        before = plane.ask("cpu")
        for _ in range(legs):
            peers.write(plane.ask(peers.read()))
        assert peers.read() == "connected"
        connected = plane.ask("cpu")
        time.sleep(2.0)
        begin, at = plane.ask("cpu"), time.monotonic()
        time.sleep(SECONDS)
        used, lasted = plane.ask("cpu") - begin, time.monotonic() - at
        received, sent = peers.ask("stop")
        return 1000 * (connected - before) / legs, 100 * used / lasted / legs, received / sent
    finally:
        plane.close()
        peers.close()


def run() -> Report:
    """Both, one after the other."""
    report = Report("a browser leg (ICE, DTLS-SRTP, PCMU both ways) beside aiortc's own objects")
    figures = {kind: measure(kind) for kind in LEGS}
    peer = figures["aiortc"]
    for kind, (setup, talk, delivered) in figures.items():
        ours = kind == "ours"
        name = f"{kind}, {LEGS[kind]} legs"
        report.add(
            Line(
                f"{name}: CPU of a set-up",
                setup,
                "ms",
                setup / peer[0] if ours else None,
                "aiortc",
                at_most=0.5 if ours else None,
            )
        )
        report.add(
            Line(
                f"{name}: CPU of a leg that talks",
                talk,
                "% of a core",
                talk / peer[1] if ours else None,
                "aiortc",
                at_most=0.2 if ours else None,
            )
        )
        report.add(Line(f"{name}: packets that came back", 100 * delivered, "%", at_least=99.0 if ours else None))
    return report
