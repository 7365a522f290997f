"""Who was there on a day, as the journal tells: shifts and breaks from the statuses of agents."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from switchroom.base.clock import MINUTE
from switchroom.core import events as e

KINDS = ("StatusSet", "LoggedOut")
ROUND = 15 * MINUTE
BREAK = 10 * MINUTE
"""A pause shorter than this is no break."""

_decoder = msgspec.json.Decoder(e.StatusSet | e.LoggedOut)


class Presence(msgspec.Struct, frozen=True):
    """When an agent was there, in ms from the begin of the day, rounded: the shift and its breaks."""

    begin: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()


def presences(
    before: Iterable[tuple[int, bytes]], during: Iterable[tuple[int, bytes]], begin: int, end: int
) -> dict[str, Presence]:
    """By agent. `before`: the last event of each agent before the day; `during`: those of the day, in order."""
    open_since: dict[str, int] = {}
    stretches: dict[str, list[tuple[int, int]]] = {}
    for known, rows in ((False, before), (True, during)):
        for _, body in rows:
            event = _decoder.decode(body)
            at = event.at if known else begin
            there = isinstance(event, e.StatusSet) and event.status_type == "ROUTABLE"
            if there:
                open_since.setdefault(event.agent, at)
            elif event.agent in open_since:
                stretches.setdefault(event.agent, []).append((open_since.pop(event.agent), at))
    for agent, since in open_since.items():
        stretches.setdefault(agent, []).append((since, end))
    return {
        agent: found
        for agent, parts in stretches.items()
        if (found := _presence(parts, begin, end - begin)) is not None
    }


def _presence(stretches: list[tuple[int, int]], begin: int, length: int) -> Presence | None:
    first, last = _rounded(stretches[0][0] - begin), min(_rounded(stretches[-1][1] - begin), length)
    if last <= first:
        return None
    gaps = [
        (_rounded(end - begin), _rounded(start - begin))
        for (_, end), (start, _) in pairwise(stretches)
        if start - end >= BREAK
    ]
    return Presence(first, last, tuple((start, end) for start, end in gaps if first < start < end < last))


def _rounded(milliseconds: int) -> int:
    return (milliseconds + ROUND // 2) // ROUND * ROUND


def shift_form(presence: Presence, day: int) -> dict[str, Any]:
    """Members of a scenario's staff; nothing for who was there all day (of `day` ms)."""
    if presence.begin <= 0 and presence.end >= day and not presence.breaks:
        return {}
    form: dict[str, Any] = {"shift": _span(presence.begin, presence.end)}
    if presence.breaks:
        form["breaks"] = [_span(begin, end) for begin, end in presence.breaks]
    return form


def _span(begin: int, end: int) -> str:
    return f"{_clock(begin)}-{_clock(end)}"


def _clock(milliseconds: int) -> str:
    minutes = milliseconds // MINUTE
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
