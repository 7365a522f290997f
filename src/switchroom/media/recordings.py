"""Recordings: written by the engine into a spool on disk, brought into the object store, told to the centre.

A spool belongs to one process, which holds its lock. What a process that died has left behind is mended, stored and
reported by the next one that starts on the same data directory.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec

from switchroom.base.clock import now_ms
from switchroom.core.media import RecordingPlan
from switchroom.core.voice_commands import RecordingStored
from switchroom.media.audio.api import RecordingMode, RecordingStopped
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.audio.wav import repair
from switchroom.media.reports import Reports
from switchroom.media.wave_files import join
from switchroom.storage.objects import ObjectStore

log = logging.getLogger(__name__)

AGAIN = 2.0
"""Seconds between tries to store."""


class Note(msgspec.Struct, kw_only=True):
    """What is written beside a recording, to store it after a crash. Times in epoch ms."""

    instance: str
    call: str
    contact: str
    key: str
    started_at: int
    part: int
    participants: tuple[str, ...] = ()


class _Writing:
    """A recording that the engine writes."""

    def __init__(self, identifier: str, plan: RecordingPlan, note: Note, path: Path) -> None:
        self.id = identifier
        self.plan = plan
        self.note = note
        self.path = path
        self.paused = False


class Recordings:
    """The recordings of all calls of this process."""

    def __init__(self, engine: AudioEngine, objects: ObjectStore, reports: Reports, spool: Path, media: str) -> None:
        self._engine = engine
        self._objects = objects
        self._reports = reports
        self._all = spool
        self._spool = spool / media
        self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = _lock(self._spool)
        self._count = 0
        self._writing: dict[str, dict[str, _Writing]] = {}
        """By call, by id of the plan."""
        self._closing: dict[str, _Writing] = {}
        self._parts: dict[str, list[Path]] = {}
        """By key: what was written of it before, while its call goes on."""
        self._keys: dict[str, set[str]] = {}
        """By call: what `_parts` holds of it."""
        self._live: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._storing = asyncio.Lock()

    def apply(self, instance: str, call: str, plans: Iterable[RecordingPlan]) -> None:
        """These recordings of a call are wanted, no others."""
        self._live.add(call)
        writing = self._writing.setdefault(call, {})
        wanted = {plan.id: plan for plan in plans}
        for identifier in [one for one in writing if one not in wanted or wanted[one].key != writing[one].plan.key]:
            self._stop(writing.pop(identifier))
        for identifier, plan in wanted.items():
            current = writing.get(identifier)
            if current is not None and _mode(current.plan) != _mode(plan):
                self._stop(writing.pop(identifier))
                current = None
            if current is None:
                writing[identifier] = self._start(instance, call, plan)
            else:
                self._change(current, plan)
        if not writing:
            del self._writing[call]

    def forget(self, call: str) -> None:
        """A call is over."""
        self.apply("", call, ())
        self._live.discard(call)
        for key in self._keys.pop(call, ()):
            if not any(writing.note.key == key for writing in self._closing.values()):
                self._remove(self._parts.pop(key, []))

    def stopped(self, event: RecordingStopped) -> None:
        """The engine has closed a file."""
        writing = self._closing.pop(event.id, None)
        if writing is None:
            writing = self._taken_back(event.id)
        if writing is not None:
            task = asyncio.create_task(self._store(writing, event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def drain(self, within: float) -> None:
        """Wait until what was written is stored; the rest is left to the next process."""
        deadline = asyncio.get_running_loop().time() + within
        while (self._closing or self._tasks) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        for task in list(self._tasks):
            task.cancel()
        os.close(self._lock)
        with contextlib.suppress(OSError):
            (self._spool / "lock").unlink()
            self._spool.rmdir()

    async def recover(self) -> None:
        """Store what processes that died have left behind."""
        for directory in sorted(path for path in self._all.iterdir() if path.is_dir() and path != self._spool):
            try:
                lock = _lock(directory)
            except OSError:
                continue
            try:
                await self._recover(directory)
            finally:
                os.close(lock)

    # ------------------------------------------------------------------ writing

    def _start(self, instance: str, call: str, plan: RecordingPlan) -> _Writing:
        self._count += 1
        identifier = f"{plan.id}.{self._count}"
        path = self._spool / f"{identifier}.wav"
        note = Note(
            instance=instance,
            call=call,
            contact=plan.id,
            key=plan.key,
            started_at=now_ms(),
            part=self._count,
            participants=_participants(plan),
        )
        path.with_suffix(".json").write_bytes(msgspec.json.encode(note))
        self._engine.start_recording(identifier, path, right=plan.right, left=plan.left, mode=_mode(plan))
        writing = _Writing(identifier, plan, note, path)
        self._pause(writing, plan)
        return writing

    def _change(self, writing: _Writing, plan: RecordingPlan) -> None:
        if (plan.right, plan.left) != (writing.plan.right, writing.plan.left):
            self._engine.update_recording(writing.id, right=plan.right, left=plan.left)
        self._pause(writing, plan)
        writing.plan = plan

    def _pause(self, writing: _Writing, plan: RecordingPlan) -> None:
        wanted = plan.suspended or not (plan.agent or plan.customer)
        if wanted != writing.paused:
            writing.paused = wanted
            (self._engine.pause_recording if wanted else self._engine.resume_recording)(writing.id)

    def _stop(self, writing: _Writing) -> None:
        self._closing[writing.id] = writing
        self._engine.stop_recording(writing.id)

    def _taken_back(self, identifier: str) -> _Writing | None:
        """One that the engine stopped by itself: the disk is full, or the engine ends."""
        for writings in self._writing.values():
            for plan, writing in writings.items():
                if writing.id == identifier:
                    return writings.pop(plan)
        return None

    # ------------------------------------------------------------------ storing

    async def _store(self, writing: _Writing, event: RecordingStopped) -> None:
        if event.error:
            log.error("recording %s is incomplete: %s", writing.note.key, event.error)
        async with self._storing:
            parts = self._parts.setdefault(writing.note.key, [])
            parts.append(writing.path)
            await self._put(writing.note, list(parts), event.error if not event.samples else None)
            if writing.note.call in self._live:
                self._keys.setdefault(writing.note.call, set()).add(writing.note.key)
            else:
                self._remove(self._parts.pop(writing.note.key, []))

    async def _put(self, note: Note, parts: list[Path], failed: str | None = None) -> None:
        """Store a recording made of parts; tries until it is stored."""
        started = note.started_at
        if len(parts) > 1:
            started = min(_note(part).started_at for part in parts)
        while True:
            try:
                data = await asyncio.to_thread(_read, parts)
                await self._objects.put(note.key, data, "audio/wav")
                break
            except (OSError, ValueError) as error:
                if isinstance(error, (FileNotFoundError, ValueError)):
                    failed = failed or str(error)
                    break
                log.warning("recording %s is not stored yet: %s", note.key, error)
                await asyncio.sleep(AGAIN)
            except Exception as error:
                log.warning("recording %s is not stored yet: %s", note.key, error)
                await asyncio.sleep(AGAIN)
        report = RecordingStored(
            contact=note.contact,
            key=note.key,
            started_at=started,
            stopped_at=_stopped_at(parts),
            participants=note.participants,
            failed=failed,
        )
        self._reports.tell(note.instance, f"recording {note.contact}", report)

    async def _recover(self, directory: Path) -> None:
        for found in await asyncio.to_thread(_left_behind, directory):
            log.info("recording %s is stored after a crash", found[0][0].key)
            await self._put(found[-1][0], [path for _, path in found])
        await asyncio.to_thread(shutil.rmtree, directory)

    @staticmethod
    def _remove(parts: Iterable[Path]) -> None:
        for part in parts:
            part.unlink(missing_ok=True)
            part.with_suffix(".json").unlink(missing_ok=True)


def _mode(plan: RecordingPlan) -> RecordingMode:
    if plan.agent == plan.customer:
        return "both"
    return "agent" if plan.agent else "customer"


def _participants(plan: RecordingPlan) -> tuple[str, ...]:
    return tuple(name for name, kept in (("Agent", plan.agent), ("Customer", plan.customer)) if kept)


def _note(part: Path) -> Note:
    return msgspec.json.decode(part.with_suffix(".json").read_bytes(), type=Note)


def _read(parts: list[Path]) -> bytes:
    return parts[0].read_bytes() if len(parts) == 1 else join([part.read_bytes() for part in parts])


def _stopped_at(parts: list[Path]) -> int:
    try:
        return int(parts[-1].stat().st_mtime * 1000)
    except OSError:
        return now_ms()


def _left_behind(directory: Path) -> list[list[tuple[Note, Path]]]:
    """The recordings of a process that died, each as its parts, mended."""
    by_key: dict[str, list[tuple[Note, Path]]] = {}
    for file in directory.glob("*.json"):
        path = file.with_suffix(".wav")
        with contextlib.suppress(msgspec.DecodeError, OSError, ValueError):
            note = msgspec.json.decode(file.read_bytes(), type=Note)
            repair(path)
            by_key.setdefault(note.key, []).append((note, path))
    return [sorted(found, key=lambda one: one[0].part) for found in by_key.values()]


def _lock(directory: Path) -> int:
    """Hold a spool. Raises OSError while its process lives."""
    file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise
    return file
