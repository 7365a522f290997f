"""Time for the state machines: the constants of RFC 3261 (seconds) and an alarm clock that its owner winds."""

import heapq
import itertools
from collections.abc import Callable

T1 = 0.5
T2 = 4.0
T4 = 5.0
TIMEOUT = 64 * T1
TRYING_DELAY = 0.2


class Timer:
    """Something to be done at a moment, unless cancelled before."""

    __slots__ = ("_clock", "action", "at")

    def __init__(self, clock: "Timers", at: float, action: Callable[[], None]) -> None:
        self._clock = clock
        self.at = at
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Do not do it. May be called again and after the fact."""
        if self.action is not None:
            self.action = None
            self._clock.cancelled()


class Timers:
    """Timers by time. Cancelled ones are swept out when they are more than half of all."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()
        self._cancelled = 0

    def at(self, moment: float, action: Callable[[], None]) -> Timer:
        """Do something at a moment."""
        timer = Timer(self, moment, action)
        heapq.heappush(self._heap, (moment, next(self._numbers), timer))
        return timer

    def cancelled(self) -> None:
        """A timer was cancelled."""
        self._cancelled += 1
        if self._cancelled > 64 and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def next(self) -> float | None:
        """The moment of the first timer."""
        while self._heap:
            if self._heap[0][2].action is not None:
                return self._heap[0][0]
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return None

    def due(self, now: float) -> Callable[[], None] | None:
        """Take out the action of the first timer if its moment has come."""
        moment = self.next()
        if moment is None or moment > now:
            return None
        timer = heapq.heappop(self._heap)[2]
        action, timer.action = timer.action, None
        return action

    def __len__(self) -> int:
        return len(self._heap) - self._cancelled
