"""Keys that a caller enters (BLK-068, BLK-079, BLK-157..163): state machines of keys and time, in milliseconds."""

from dataclasses import dataclass
from typing import Literal, Protocol

SETTLE_MS = 700
"""How long a terminator of one key repeated (`##`) waits for the same key once more: what counts is its last place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an entry ended: `done` with the keys without the terminator, or `timeout` when none came."""

    kind: Literal["done", "timeout"]
    value: str = ""


class Entry(Protocol):
    """Keys that are being entered."""

    due: int | None
    """When `expire` is to be called."""

    def sounds_ended(self, now: int) -> None: ...
    def press(self, key: str, now: int) -> Outcome | None: ...
    def expire(self, now: int) -> Outcome | None: ...


class BotKeys:
    """Keys typed to a bot (BLK-079): as they were pressed, with the one that ended them or deleted what was before."""

    def __init__(self, *, start_ms: int, timeout_ms: int, most: int, end: str, delete: str) -> None:
        self.due: int | None = None
        self._start = start_ms
        self._timeout = timeout_ms
        self._most = most
        self._last = (end, delete)
        self._keys = ""

    def sounds_ended(self, now: int) -> None:
        """The first key is waited for."""
        if self.due is None and not self._keys:
            self.due = now + self._start

    def press(self, key: str, now: int) -> Outcome | None:
        """A key; the outcome when it is the last one."""
        self._keys += key
        self.due = now + self._timeout
        return Outcome("done", self._keys) if key in self._last or len(self._keys) >= self._most else None

    def expire(self, now: int) -> Outcome | None:
        """The time at `due` has come."""
        if self.due is None or now < self.due:
            return None
        return Outcome("done", self._keys) if self._keys else Outcome("timeout")


class Collector:
    """One entry. The time for the first key runs once the sounds are over; a key before that interrupts them."""

    def __init__(
        self,
        *,
        first_timeout_ms: int,
        digit_timeout_ms: int,
        maximum: int = 1,
        terminator: str = "",
        cancel_key: str = "",
    ) -> None:
        self.due: int | None = None
        """When `expire` is to be called."""
        self._first_timeout = first_timeout_ms
        self._digit_timeout = digit_timeout_ms
        self._maximum = maximum
        self._terminator = terminator
        self._repeated = len(terminator) > 1 and len(set(terminator)) == 1
        self._cancel = cancel_key
        self._keys = ""

    def sounds_ended(self, now: int) -> None:
        """The prompt is over: the first key is waited for."""
        if self.due is None and not self._keys:
            self.due = now + self._first_timeout

    def press(self, key: str, now: int) -> Outcome | None:
        """A key; the outcome when it is the last one needed."""
        if key == self._cancel:
            self._keys = ""
            self.due = now + self._first_timeout
            return None
        self._keys += key
        self.due = now + self._digit_timeout
        if self._terminator and self._keys.endswith(self._terminator):
            if self._repeated:
                self.due = now + min(SETTLE_MS, self._digit_timeout)
                return None
            return self._terminated()
        if len(self._keys) - self._open() >= self._maximum:
            return Outcome("done", self._keys[: self._maximum])
        return None

    def expire(self, now: int) -> Outcome | None:
        """The time at `due` has come."""
        if self.due is None or now < self.due:
            return None
        if not self._keys:
            return Outcome("timeout")
        if self._terminator and self._keys.endswith(self._terminator):
            return self._terminated()
        return Outcome("done", self._keys)

    def _terminated(self) -> Outcome:
        return Outcome("done", self._keys.removesuffix(self._terminator)[: self._maximum])

    def _open(self) -> int:
        """How many of the last keys may yet become the terminator."""
        longest = min(len(self._terminator) - 1, len(self._keys))
        return next((n for n in range(longest, 0, -1) if self._terminator.startswith(self._keys[-n:])), 0)
