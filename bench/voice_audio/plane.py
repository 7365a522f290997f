"""The process that is measured: an audio engine told over standard input what to do, one JSON object a line."""

import asyncio
import base64
import contextlib
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from switchroom.media.audio.api import LegMedia, SrtpKeys
from switchroom.media.audio.engine import AudioEngine


def memory() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def keys(pair: list[str] | None) -> SrtpKeys | None:
    """From base64."""
    return None if pair is None else SrtpKeys(*(base64.b64decode(key) for key in pair))


def burn(share: float, stop: threading.Event) -> None:
    """What signalling might do: use this share of a core in pure Python."""
    while not stop.is_set():
        until = time.perf_counter() + 0.01 * share
        while time.perf_counter() < until:
            pass
        time.sleep(0.01 * (1 - share))


class Plane:
    """The engine and its calls."""

    def __init__(self, folder: Path) -> None:
        self._engine = AudioEngine(on_events=lambda _: None, bind="127.0.0.1", ports=range(20000, 30000))
        self._engine.start()
        self._folder = folder
        self._legs: list[str] = []
        self._stop = threading.Event()
        self._begun = (os.times(), time.monotonic(), 0, 0)

    def open(self, legs: list[dict[str, Any]], recorded: int, busy: float) -> dict[str, Any]:
        """Legs in pairs, a room a pair; the first so many pairs are recorded."""
        ports = []
        for number, leg in enumerate(legs):
            name, room = f"leg{number}", f"room{number // 2}"
            ports.append(self._engine.open_leg(name))
            remote = ("127.0.0.1", leg["port"])
            media = LegMedia(remote=remote, srtp=keys(leg["keys"]), dtmf_payload_type=101)
            self._engine.connect_leg(name, media)
            self._engine.place(name, room)
            self._legs.append(name)
        for call in range(recorded):
            path = self._folder / f"{call}.wav"
            self._engine.start_recording(str(call), path, right={f"leg{2 * call + 1}"}, left={f"leg{2 * call}"})
        if busy:
            threading.Thread(target=burn, args=(busy, self._stop), daemon=True).start()
        return {"ports": ports}

    def begin(self) -> dict[str, Any]:
        """From here on it counts."""
        load = self._engine.load
        self._before = [self._engine.stats(leg) for leg in self._legs]
        self._begun = (os.times(), time.monotonic(), load.ticks, load.late)
        return {}

    def end(self) -> dict[str, Any]:
        """What was used since `begin`."""
        times, begun, ticks, late = self._begun
        now, load = os.times(), self._engine.load
        pairs = [(self._engine.stats(leg), before) for leg, before in zip(self._legs, self._before, strict=True)]
        frames = max(1, sum(after.received - before.received for after, before in pairs))
        self._stop.set()
        return {
            "cpu": (now.user + now.system - times.user - times.system) / (time.monotonic() - begun),
            "ticks": load.ticks - ticks,
            "late": load.late - late,
            "skipped": load.skipped,
            "received": frames,
            "lost": sum(a.lost + a.late - b.lost - b.late for a, b in pairs) / frames,
            "concealed": sum(a.concealed for a, _ in pairs) / len(pairs),
            "delay_ms": sum(a.delay_ms for a, _ in pairs) / len(pairs),
            "memory": memory(),
        }

    def idle(self) -> dict[str, Any]:
        """Memory without calls."""
        return {"memory": memory(), "descriptors": len(os.listdir("/proc/self/fd"))}  # noqa: PTH208

    def close(self) -> dict[str, Any]:
        """End all calls."""
        for call in range(len(self._legs) // 2):
            self._engine.stop_recording(str(call))
        for leg in self._legs:
            self._engine.close_leg(leg)
        self._legs.clear()
        time.sleep(0.3)
        return self.idle()

    def stop(self) -> dict[str, Any]:
        """The end."""
        self._engine.stop()
        return {}


async def main() -> None:
    """Answer requests until standard input ends."""
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        plane = Plane(Path(folder))
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            request = json.loads(line)
            print(json.dumps(getattr(plane, request.pop("do"))(**request)), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
