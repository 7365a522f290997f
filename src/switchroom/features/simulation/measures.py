"""What a played day amounts to, by queue and interval, as the metrics define it.

A customer belongs to the interval in which they entered the queue. Service level: of the contacts queued, those that
left the queue, answered or not, within the threshold (metrics B6). Occupancy: time on a contact, after contact work
included, of that time and idle time together; ringing counts for neither (B5).
"""

from dataclasses import dataclass, field
from math import nan

import msgspec


class Row(msgspec.Struct, frozen=True):
    """Figures of one queue in one interval, or of the whole day. Times in seconds, shares 0..1, NaN: nothing."""

    queued: int
    answered: int
    abandoned: int
    left: int
    """Neither answered nor given up when the day was over."""
    service_level: float
    answer_time: float
    abandon_time: float
    longest_wait: float
    queue_length: float
    longest_queue: int
    handle_time: float

    @property
    def abandonment(self) -> float:
        """Share of the contacts queued that gave up."""
        return self.abandoned / self.queued if self.queued else nan


class Crew(msgspec.Struct, frozen=True):
    """Figures of the agents of one profile. `staffed`: how many were there on average."""

    occupancy: float
    staffed: float


@dataclass(slots=True)
class _Cell:
    queued: int = 0
    answered: int = 0
    abandoned: int = 0
    within: int = 0
    answer_ms: int = 0
    abandon_ms: int = 0
    longest_ms: int = 0
    area: int = 0
    longest: int = 0
    handle_ms: int = 0
    handled: int = 0

    def add(self, other: "_Cell") -> None:
        for name in ("queued", "answered", "abandoned", "within", "answer_ms", "abandon_ms", "area"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.handle_ms += other.handle_ms
        self.handled += other.handled
        self.longest_ms = max(self.longest_ms, other.longest_ms)
        self.longest = max(self.longest, other.longest)

    def row(self, milliseconds: int) -> Row:
        return Row(
            queued=self.queued,
            answered=self.answered,
            abandoned=self.abandoned,
            left=self.queued - self.answered - self.abandoned,
            service_level=_share(self.within, self.queued),
            answer_time=_share(self.answer_ms, self.answered) / 1_000,
            abandon_time=_share(self.abandon_ms, self.abandoned) / 1_000,
            longest_wait=self.longest_ms / 1_000,
            queue_length=_share(self.area, milliseconds),
            longest_queue=self.longest,
            handle_time=_share(self.handle_ms, self.handled) / 1_000,
        )


@dataclass(slots=True)
class _Line:
    """A queue as it is now."""

    length: int = 0
    since: int = 0


@dataclass(slots=True)
class _Hands:
    """An agent as they are now: `contact`, `ringing`, `idle` or `away`."""

    profile: str
    doing: str = "away"
    since: int = 0


@dataclass(slots=True)
class Measures:
    """Fed by the player, moment by moment; all moments in epoch ms from `start`."""

    start: int
    end: int
    interval_ms: int
    threshold_ms: int
    warm_up_ms: int = 0
    _cells: dict[tuple[str, int], _Cell] = field(default_factory=dict)
    _lines: dict[str, _Line] = field(default_factory=dict)
    _hands: dict[str, _Hands] = field(default_factory=dict)
    _times: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def queued(self, queue: str, at: int) -> None:
        """A contact enters a queue."""
        self._cell(queue, at).queued += 1
        self._length(queue, at, 1)

    def answered(self, queue: str, since: int, at: int) -> None:
        """An agent has taken a contact that waited from `since`."""
        cell, waited = self._cell(queue, since), at - since
        cell.answered += 1
        cell.answer_ms += waited
        self._left(cell, queue, waited, at)

    def abandoned(self, queue: str, since: int, at: int) -> None:
        """The customer gave up."""
        cell, waited = self._cell(queue, since), at - since
        cell.abandoned += 1
        cell.abandon_ms += waited
        self._left(cell, queue, waited, at)

    def handled(self, queue: str, since: int, milliseconds: int) -> None:
        """A contact that waited from `since` has taken an agent so long, after contact work included."""
        cell = self._cell(queue, since)
        cell.handle_ms += milliseconds
        cell.handled += 1

    def agent(self, agent: str, profile: str, doing: str, at: int) -> None:
        """An agent does something else from now on."""
        hands = self._hands.get(agent)
        if hands is None:
            self._hands[agent] = _Hands(profile, doing, at)
            return
        if hands.doing != doing:
            self._spent(hands, at)
            hands.doing, hands.since = doing, at

    def close(self, at: int) -> None:
        """The day is over."""
        for queue in self._lines:
            self._length(queue, at, 0)
        for hands in self._hands.values():
            self._spent(hands, at)
            hands.since = at

    @property
    def intervals(self) -> int:
        """How many intervals there are."""
        return -(-(self.end - self.start) // self.interval_ms)

    def has(self, queue: str) -> bool:
        """Whether anybody came to a queue."""
        return any(name == queue for name, _ in self._cells)

    def row(self, queue: str, interval: int) -> Row:
        """Figures of a queue in an interval."""
        return self._cells.get((queue, interval), _Cell()).row(self.interval_ms)

    def total(self, queue: str | None = None) -> Row:
        """Figures of a queue over the day; without one of all queues together."""
        whole = _Cell()
        for (name, interval), cell in self._cells.items():
            if queue in (None, name) and interval >= 0:
                whole.add(cell)
        return whole.row(self.end - self.start - self.warm_up_ms)

    def crew(self, profile: str, interval: int | None = None) -> Crew:
        """Figures of the agents of a profile in an interval, or over the day."""
        spent = dict.fromkeys(("contact", "idle", "ringing"), 0)
        for (name, at, doing), milliseconds in self._times.items():
            if name == profile and doing in spent and at >= 0 and interval in (None, at):
                spent[doing] += milliseconds
        length = self.interval_ms if interval is not None else self.end - self.start - self.warm_up_ms
        busy = spent["contact"]
        return Crew(_share(busy, busy + spent["idle"]), _share(sum(spent.values()), length))

    def _index(self, at: int) -> int:
        """The interval of a moment; -1 while the centre warms up."""
        if at - self.start < self.warm_up_ms:
            return -1
        return min((at - self.start) // self.interval_ms, self.intervals - 1)

    def _cell(self, queue: str, at: int) -> _Cell:
        key = (queue, self._index(at))
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = _Cell()
        return found

    def _left(self, cell: _Cell, queue: str, waited: int, at: int) -> None:
        if waited <= self.threshold_ms:
            cell.within += 1
        cell.longest_ms = max(cell.longest_ms, waited)
        self._length(queue, at, -1)

    def _length(self, queue: str, at: int, change: int) -> None:
        line = self._lines.setdefault(queue, _Line(since=self.start))
        for begin, end, index in self._parts(line.since, at):
            cell = self._cells.setdefault((queue, index), _Cell())
            cell.area += line.length * (end - begin)
        line.length += change
        line.since = at
        cell = self._cell(queue, at)
        cell.longest = max(cell.longest, line.length)

    def _spent(self, hands: _Hands, at: int) -> None:
        for begin, end, index in self._parts(hands.since, at):
            key = (hands.profile, index, hands.doing)
            self._times[key] = self._times.get(key, 0) + end - begin

    def _parts(self, begin: int, end: int) -> list[tuple[int, int, int]]:
        """(from, to, interval) of a stretch, cut where intervals end; what is behind the end of the day is left out."""
        parts = []
        last = min(end, self.end)
        while begin < last:
            index = self._index(begin)
            until = self.start + (self.warm_up_ms if index < 0 else (index + 1) * self.interval_ms)
            parts.append((begin, min(until, last), index))
            begin = until
        return parts


def _share(part: float, whole: float) -> float:
    return part / whole if whole else nan
