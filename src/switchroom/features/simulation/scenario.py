"""What a scenario says, as YAML.

start: "08:00"              # of the day; results are shown by it
hours: 10                   # how long customers come
interval: 30                # minutes of a row of results
replications: 10
seed: 1
service_level: 20           # seconds
queues:
  Sales:
    channel: VOICE          # CHAT, TASK
    arrivals: {per_hour: [60, 90, 120, 90]}     # one figure for the whole time, or several that divide it evenly
    handle: {lognormal: {mean: 240, deviation: 180}}
    wrap: {exponential: 30}
    patience: {exponential: 120}                # absent: nobody gives up
    limit: 100              # contacts that may wait
    priority: 5
    needs: {"Language:English": 3}              # proficiencies of who may take it
    needs_for: 30           # seconds after which anyone of the queue may
profiles:
  Everybody: {queues: {Sales: 1, Support: {priority: 2, delay: 60}}, concurrency: {VOICE: 1, CHAT: 3}}
staff:
  - {profile: Everybody, count: 12, shift: "08:00-16:00", breaks: ["12:00-12:30"], answer: {uniform: [1, 4]},
     miss: 0.02, skills: {"Language:English": 5}}
variants:
  more: {staff: [...]}      # what stands here replaces what stands above
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from switchroom.features.simulation.distributions import BadDistribution, distribution

HOUR = 3_600.0
Channel = Literal["VOICE", "CHAT", "TASK"]


class BadScenario(Exception):
    """A scenario cannot be played; the text names the place and the reason."""


class Arrivals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When customers come: at a rate (Poisson), or at recorded moments."""

    per_hour: float | list[float] | None = None
    file: str | None = None
    """A CSV of past contacts: `InitiationTimestamp` (ISO 8601), and if there `Queue`."""
    at: list[float] | None = None
    """Seconds from the start."""

    def rates(self, seconds: float) -> list[tuple[float, float, float]]:
        """(from, to, customers per second) of the parts of the time."""
        if self.per_hour is None:
            return []
        parts = self.per_hour if isinstance(self.per_hour, list) else [self.per_hour]
        length = seconds / len(parts)
        return [(at * length, (at + 1) * length, rate / HOUR) for at, rate in enumerate(parts)]


class QueueLoad(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A queue and who comes to it. `handle`, `wrap`, `patience`: distributions."""

    arrivals: Arrivals
    handle: Any
    channel: Channel = "VOICE"
    wrap: Any = 0
    patience: Any = None
    limit: int | None = None
    priority: int = 5
    needs: dict[str, float] = {}
    needs_for: int | None = None


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A queue in a routing profile. `delay` in seconds."""

    priority: int = 1
    delay: int = 0


class RoutingProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom agents of a profile serve, and how many at a time. `cross`: channels that take others beside them."""

    queues: dict[str, int | Place]
    concurrency: dict[str, int] = msgspec.field(default_factory=lambda: {"VOICE": 1, "CHAT": 2, "TASK": 1})
    cross: list[Channel] = []


class Staff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agents who are alike. `shift` and `breaks` as `09:00-17:00`; `miss`: the share of offers that is not answered."""

    profile: str
    count: int = 1
    shift: str | None = None
    breaks: list[str] = []
    answer: Any = 0
    miss: float = 0.0
    skills: dict[str, float] = {}


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is played."""

    queues: dict[str, QueueLoad]
    profiles: dict[str, RoutingProfile]
    staff: list[Staff]
    name: str = "Scenario"
    start: str = "00:00"
    hours: float = 24
    interval: int = 30
    replications: int = 5
    seed: int = 1
    service_level: float = 20
    warm_up: float = 0
    """Minutes at the beginning that are played and not measured."""

    @property
    def seconds(self) -> float:
        """How long customers come."""
        return self.hours * HOUR

    def moment(self, clock: str) -> float:
        """Seconds from the start to a time of day; past midnight it is the next day."""
        return (_clock(clock) - _clock(self.start)) % (24 * HOUR)

    def span(self, text: str) -> tuple[float, float]:
        """(from, to) in seconds from the start of `09:00-17:00`."""
        first, dash, last = text.partition("-")
        if not dash:
            raise BadScenario(f"{text!r} is not a span of time such as 09:00-17:00")
        begin = self.moment(first)
        length = (_clock(last) - _clock(first)) % (24 * HOUR)
        return begin, begin + (length or 24 * HOUR)


def load(text: str, folder: Path | None = None) -> dict[str, Scenario]:
    """The scenario and its variants by name, the scenario itself first. Raises BadScenario."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise BadScenario(f"The scenario is not YAML: {wrong}") from None
    if not isinstance(raw, dict):
        raise BadScenario("A scenario is a mapping with queues, profiles and staff")
    variants = raw.pop("variants", None) or {}
    if not isinstance(variants, dict):
        raise BadScenario("variants: a mapping of names to what is different")
    name = str(raw.get("name", "Scenario"))
    made = {name: _scenario(raw, folder)}
    for variant, changes in variants.items():
        made[str(variant)] = _scenario({**_merged(raw, changes or {}), "name": str(variant)}, folder)
    return made


def _merged(base: Any, changes: Any) -> Any:
    """What `changes` says in place of what `base` says; lists are replaced whole."""
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    return {**base, **{key: _merged(base.get(key), value) for key, value in changes.items()}}


def _scenario(raw: Any, folder: Path | None) -> Scenario:
    try:
        found = msgspec.convert(raw, Scenario)
    except msgspec.ValidationError as wrong:
        raise BadScenario(str(wrong)) from None
    _check(found)
    if folder is not None:
        queues = {name: _with_records(load, name, folder) for name, load in found.queues.items()}
        found = msgspec.structs.replace(found, queues=queues)
    return found


def _check(scenario: Scenario) -> None:
    for name, queue in scenario.queues.items():
        for part in ("handle", "wrap", "patience"):
            value = getattr(queue, part)
            if value is not None:
                _try(value, f"queues.{name}.{part}")
    for profile, plan in scenario.profiles.items():
        for name in plan.queues:
            if name not in scenario.queues:
                raise BadScenario(f"profiles.{profile}: there is no queue {name}")
    for number, staff in enumerate(scenario.staff):
        if staff.profile not in scenario.profiles:
            raise BadScenario(f"staff[{number}]: there is no profile {staff.profile}")
        _try(staff.answer, f"staff[{number}].answer")
        for span in ([staff.shift] if staff.shift else []) + staff.breaks:
            scenario.span(span)
    if not 0 < scenario.hours <= 24 * 31 or not 1 <= scenario.interval <= 24 * 60 or scenario.replications < 1:
        raise BadScenario("hours (to 744), interval (1 to 1440 minutes) and replications must be positive")


def _try(described: Any, where: str) -> None:
    try:
        distribution(described)
    except BadDistribution as wrong:
        raise BadScenario(f"{where}: {wrong}") from None


def _clock(text: str) -> float:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(hours) <= 24 and int(minutes) < 60):
        raise BadScenario(f"{text!r} is not a time of day such as 09:30")
    return int(hours) * HOUR + int(minutes) * 60.0


def _with_records(load: QueueLoad, name: str, folder: Path) -> QueueLoad:
    if load.arrivals.file is None:
        return load
    path = folder / load.arrivals.file
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    except OSError as wrong:
        raise BadScenario(f"{path} cannot be read: {wrong.strerror}") from None
    own = [row for row in rows if row.get("Queue") in (None, "", name)]
    return msgspec.structs.replace(load, arrivals=Arrivals(at=_moments(own, path)))


def _moments(rows: Sequence[Mapping[str, str]], path: Path) -> list[float]:
    try:
        times = sorted(datetime.fromisoformat(row["InitiationTimestamp"].replace("Z", "+00:00")) for row in rows)
    except (KeyError, ValueError) as wrong:
        raise BadScenario(f"{path}: InitiationTimestamp: {wrong}") from None
    if not times:
        return []
    midnight = times[0].replace(hour=0, minute=0, second=0, microsecond=0)
    return [(one - midnight).total_seconds() for one in times]
