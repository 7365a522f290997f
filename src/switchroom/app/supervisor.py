"""Keeps child processes running: starts them in order, restarts what dies, stops them in the opposite order."""

import contextlib
import logging
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from switchroom.app import process

log = logging.getLogger(__name__)

EXIT_DO_NOT_RESTART = 78
"""The exit code of a child that cannot run as configured (EX_CONFIG): everything stops."""

_STEADY_SECONDS = 10.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_EARLY_FAILURES = 12


class Program(Protocol):
    """What to run. `patience` is how many seconds it may take to stop after `stop_signal`."""

    name: str
    stop_signal: signal.Signals
    patience: float

    def start(self) -> "subprocess.Popen[bytes]": ...
    def trouble(self) -> str: ...


class _Child:
    """One program, its current process, and when to start it next."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.due = 0.0
        self.failures = 0

    def start(self) -> None:
        self.process = self.program.start()
        self.started = time.monotonic()
        log.debug("%s is pid %d", self.program.name, self.process.pid)

    def ended(self) -> bool:
        """True once for each process that ended; plans the restart, later each time it ends soon after its start."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        self.failures = 1 if now - self.started > _STEADY_SECONDS else self.failures + 1
        self.due = now + min(_FIRST_PAUSE * 2 ** (self.failures - 1), _LONGEST_PAUSE)
        return True

    def stop(self) -> None:
        if self.process is not None:
            process.stop(self.process, self.program.stop_signal, self.program.patience)


class Supervisor:
    """Runs `programs` until SIGTERM or SIGINT."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self._children = [_Child(program) for program in programs]
        self._stopping = False

    def run(self) -> int:
        """Blocks in the main thread; returns the exit code: 0 after a signal, else that of the child that gave up."""
        with _signals(self._stop) as wakeup:
            try:
                return self._supervise(wakeup)
            finally:
                for child in reversed(self._children):
                    child.stop()

    def _stop(self) -> None:
        self._stopping = True

    def _supervise(self, wakeup: socket.socket) -> int:
        for child in self._children:
            if not self._stopping:
                child.start()
        while not self._stopping:
            code = self._look_after()
            if code is not None:
                return code
            _sleep(wakeup, self._pause())
        return 0

    def _look_after(self) -> int | None:
        for child in self._children:
            if child.ended() and child.process is not None:
                code = child.process.returncode
                child.process = None
                if code == EXIT_DO_NOT_RESTART:
                    return code
                if child.failures >= _EARLY_FAILURES:
                    log.error("%s keeps failing (%s)\n%s", child.program.name, _cause(code), child.program.trouble())
                    return 1
                log.warning("%s ended (%s); starting it again", child.program.name, _cause(code))
            if child.process is None and time.monotonic() >= child.due:
                child.start()
        return None

    def _pause(self) -> float:
        waiting = [child.due - time.monotonic() for child in self._children if child.process is None]
        return max(0.0, min([1.0, *waiting]))


@contextlib.contextmanager
def _signals(stop: "_Stop") -> Iterator[socket.socket]:
    """A socket that becomes readable at SIGCHLD, SIGTERM and SIGINT; the latter two also call `stop`."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    before = {
        signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: stop()),
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: stop()),
    }
    old = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(old)
        for number, handler in before.items():
            signal.signal(number, handler)
        reader.close()
        writer.close()


class _Stop(Protocol):
    def __call__(self) -> None: ...


def _sleep(wakeup: socket.socket, seconds: float) -> None:
    select.select([wakeup], [], [], seconds)
    with contextlib.suppress(BlockingIOError):
        while wakeup.recv(512):
            pass


def _cause(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
