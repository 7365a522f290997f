"""Recordings: what legs say, left and right, in blocks of a second which a writer thread puts into WAV files."""

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from switchroom.media.audio import g711, wav
from switchroom.media.audio.api import FRAME, Pcm, RecordingMode, RecordingStopped
from switchroom.media.audio.slots import Ints

log = logging.getLogger(__name__)

_BLOCK = 50
"""Ticks of a block."""
_LEFT, _RIGHT = 0, 1
_NONE: Ints = np.zeros(0, np.int64)
Blocks = npt.NDArray[np.int16]


class Recording:
    """One recording."""

    def __init__(
        self, id: str, path: Path, right: Iterable[str], left: Iterable[str], mode: RecordingMode, mulaw: bool
    ) -> None:
        self.id, self.path, self.mode, self.mulaw = id, path, mode, mulaw
        self.sides = (frozenset(left), frozenset(right))
        self.paused = False
        self.row = -1
        self.begin = 0
        """First tick of the present block that belongs to it."""

    def heard(self, side: int) -> frozenset[str]:
        """The legs written on a side now."""
        kept = {"both": (_LEFT, _RIGHT), "agent": (_RIGHT,), "customer": (_LEFT,)}[self.mode]
        return self.sides[side] if side in kept and not self.paused else frozenset()


class Writer:
    """The thread that writes files, so that a slow disk delays nobody."""

    def __init__(self, stopped: Callable[[RecordingStopped], None]) -> None:
        self._stopped = stopped
        self._work: queue.SimpleQueue[tuple[Recording, Blocks | None] | None] = queue.SimpleQueue()
        self._files: dict[int, wav.Growing] = {}
        self._errors: dict[int, str] = {}
        self._thread = threading.Thread(target=self._run, name="audio-writer", daemon=True)
        self._started = False

    def put(self, recording: Recording, block: Blocks | None) -> None:
        """Append ticks (n, 2, 160) to a file; None finishes it."""
        self._work.put((recording, block))
        if not self._started:
            self._started = True
            self._thread.start()

    def stop(self, timeout: float) -> None:
        """End the thread when everything is written."""
        self._work.put(None)
        if self._started:
            self._thread.join(timeout)

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            recording, block = item
            try:
                self._write(recording, block)
            except OSError as error:
                log.error("recording %s: %s", recording.path, error)
                self._errors.setdefault(id(recording), str(error))
            if block is None:
                self._finish(recording)

    def _write(self, recording: Recording, block: Blocks | None) -> None:
        file = self._files.get(id(recording))
        if file is None:
            recording.path.parent.mkdir(parents=True, exist_ok=True)
            file = wav.Growing(recording.path, wav.Form(2, wav.MULAW if recording.mulaw else wav.PCM))
            self._files[id(recording)] = file
        if block is not None:
            sound = np.ascontiguousarray(block.transpose(0, 2, 1)).reshape(-1)
            file.write((g711.encode(sound) if recording.mulaw else sound.astype("<i2")).tobytes())

    def _finish(self, recording: Recording) -> None:
        file = self._files.pop(id(recording), None)
        error = self._errors.pop(id(recording), None)
        try:
            if file is not None:
                file.close()
        except OSError as failed:
            error = error or str(failed)
        samples = file.samples if file is not None else 0
        self._stopped(RecordingStopped(recording.id, str(recording.path), samples, error))


class Recorder:
    """The audio thread's part: gathers a frame of every side of every recording each tick, in a few array passes."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._recordings: dict[str, Recording] = {}
        self._blocks: Blocks = np.zeros((16, _BLOCK, 2, FRAME), np.int16)
        self._free = list(range(15, -1, -1))
        self._slots: Ints = _NONE
        self._starts: Ints = _NONE
        self._targets: tuple[Ints, Ints] = (_NONE, _NONE)
        self._summed = False
        self._ticks = 0
        self.changed = False
        """Whether the arrays have to be made anew: a recording, a leg, a place or a mute changed."""

    def start(self, recording: Recording) -> None:
        """Begin with this tick; one of the same id is finished."""
        self.stop(recording.id)
        if not self._free:
            count = len(self._blocks)
            self._blocks = np.concatenate((self._blocks, np.zeros_like(self._blocks)))
            self._free = list(range(2 * count - 1, count - 1, -1))
        recording.row = self._free.pop()
        recording.begin = (self._ticks + recording.row) % _BLOCK
        self._recordings[recording.id] = recording
        self.changed = True

    def update(self, id: str, right: Iterable[str], left: Iterable[str]) -> None:
        """Other legs."""
        if (recording := self._recordings.get(id)) is not None:
            recording.sides = (frozenset(left), frozenset(right))
            self.changed = True

    def pause(self, id: str, paused: bool) -> None:
        """Silence from now on, or sound again."""
        if (recording := self._recordings.get(id)) is not None:
            recording.paused = paused
            self.changed = True

    def stop(self, id: str) -> None:
        """Finish the file."""
        if (recording := self._recordings.pop(id, None)) is not None:
            self._hand_over(recording, (self._ticks + recording.row) % _BLOCK)
            self._writer.put(recording, None)
            self._free.append(recording.row)
            self.changed = True

    def stop_all(self) -> None:
        """Finish all files."""
        for id in list(self._recordings):
            self.stop(id)

    def tick(self, said: Pcm, speaking: Mapping[str, int]) -> None:
        """The frames of this tick. `speaking`: slot of each leg that is in a room, talks and is not muted."""
        if not self._recordings:
            return
        if self.changed:
            self._arrange(speaking)
        if len(self._slots) and speaking:
            sound = said[self._slots]
            if self._summed:
                total = np.add.reduceat(sound.astype(np.int32), self._starts, axis=0)
                sound = np.clip(total, -32768, 32767).astype(np.int16)
            rows, sides = self._targets
            self._blocks[rows, (self._ticks + rows) % _BLOCK, sides] = sound
        self._ticks += 1
        for recording in self._full():
            self._hand_over(recording, _BLOCK)

    def _full(self) -> list[Recording]:
        """Those whose block is full."""
        return [it for it in self._recordings.values() if (self._ticks + it.row) % _BLOCK == 0]

    def _hand_over(self, recording: Recording, end: int) -> None:
        block = self._blocks[recording.row]
        if end > recording.begin:
            self._writer.put(recording, block[recording.begin : end].copy())
        block[:] = 0
        recording.begin = 0

    def _arrange(self, speaking: Mapping[str, int]) -> None:
        self.changed = False
        slots: list[int] = []
        starts: list[int] = []
        rows: list[int] = []
        sides: list[int] = []
        for recording in self._recordings.values():
            for side in (_LEFT, _RIGHT):
                legs = [speaking[leg] for leg in recording.heard(side) if leg in speaking]
                if legs:
                    starts.append(len(slots))
                    rows.append(recording.row)
                    sides.append(side)
                    slots += legs
        self._slots = np.array(slots, np.int64)
        self._starts = np.array(starts, np.int64)
        self._targets = np.array(rows, np.int64), np.array(sides, np.int64)
        self._summed = len(slots) != len(starts)
