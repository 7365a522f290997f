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
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import yaml

from switchroom.features.simulation.distributions import KINDS, BadDistribution, distribution

HOUR = 3_600.0
Channel = Literal["VOICE", "CHAT", "TASK"]


_Part = TypeVar("_Part")
_KINDS = {*KINDS, "per_hour", "file", "csv", "at"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Problem(msgspec.Struct, frozen=True):
    """Something wrong at a place: names and numbers joined by dots, empty for the whole."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason


DEEPEST = 30
"""Levels of lists and mappings in a scenario."""


class BadScenario(Exception):
    """A scenario cannot be played; the text names the place and the reason, `problems` all of them."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [one if isinstance(one, Problem) else Problem("", one) for one in problems]
        super().__init__("; ".join(map(str, self.problems)))


class Arrivals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When customers come: at a rate (Poisson), or at recorded moments."""

    per_hour: float | list[float] | None = None
    file: str | None = None
    """A CSV of past contacts: `InitiationTimestamp` (ISO 8601), and if there `Queue`."""
    csv: str | None = None
    """The same as text."""
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
    time_zone: str = ""
    """In which the times of files are taken; without one as they are written."""
    warm_up: float = 0
    """Minutes at the beginning that are played and not measured."""
    strict_priority: bool = False
    """A contact within its delay keeps agents from what has a lower priority in their profile."""

    @property
    def seconds(self) -> float:
        """How long customers come."""
        return self.hours * HOUR

    def moment(self, clock: str) -> float:
        """Seconds from the start to a time of day; past midnight it is the next day."""
        return (_clock(clock) - _clock(self.start)) % (24 * HOUR)

    def spans(self, text: str) -> list[tuple[float, float]]:
        """(from, to) of `09:00-17:00` on each day, in seconds from the start; the first may have begun before it.

        Raises BadScenario.
        """
        first, dash, last = text.partition("-")
        if not dash:
            raise BadScenario(f"{text!r} is not a span of time such as 09:00-17:00")
        begin, day = self.moment(first), 24 * HOUR
        length = (_clock(last) - _clock(first)) % day or day
        begins = (begin + at * day for at in range(-1, int(self.seconds // day) + 1))
        return [(max(0.0, one), one + length) for one in begins if one < self.seconds and one + length > 0]


def load(text: str, folder: Path | None = None) -> dict[str, Scenario]:
    """The scenario and its variants by name, the scenario itself first; files are read from `folder` alone.

    Raises BadScenario.
    """
    raw = parsed(text)
    if not isinstance(raw, dict):
        raise BadScenario("A scenario is a mapping with queues, profiles and staff")
    variants = raw.pop("variants", None) or {}
    if not isinstance(variants, dict):
        raise BadScenario(Problem("variants", "a mapping of names to what is different"))
    name = str(raw.get("name", "Scenario"))
    made = {name: _scenario(raw, folder)}
    for variant, changes in variants.items():
        try:
            made[str(variant)] = _scenario({**_merged(raw, changes or {}), "name": str(variant)}, folder)
        except BadScenario as wrong:
            raise BadScenario(
                *(Problem(f"variants.{variant}.{one.path}".rstrip("."), one.reason) for one in wrong.problems)
            ) from None
    return made


def parsed(text: str) -> Any:
    """YAML without anchors: a text of a line could stand for a world of data. Raises BadScenario."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise BadScenario(f"a scenario cannot have references (*{event.anchor})")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise BadScenario(f"a scenario is at most {DEEPEST} levels deep")
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, in C where there is one
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        raise BadScenario(f"The scenario is not YAML: {wrong}") from None


def _merged(base: Any, changes: Any) -> Any:
    """`base` with what `changes` says; lists, and times or arrivals of another kind, are replaced whole."""
    if not isinstance(base, dict) or not isinstance(changes, dict) or _other_kind(base, changes):
        return changes
    return {**base, **{key: _merged(base.get(key), value) for key, value in changes.items()}}


def _other_kind(base: dict[Any, Any], changes: dict[Any, Any]) -> bool:
    return len(base) == len(changes) == 1 and base.keys() != changes.keys() and _KINDS.issuperset({*base, *changes})


def _scenario(raw: Any, folder: Path | None) -> Scenario:
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for key, kind in (("queues", QueueLoad), ("profiles", RoutingProfile)):
        named = raw.get(key)
        if isinstance(named, dict):
            parts[key] = {str(name): _part(one, kind, f"{key}.{name}", problems) for name, one in named.items()}
    if isinstance(raw.get("staff"), list):
        parts["staff"] = [_part(one, Staff, f"staff.{at}", problems) for at, one in enumerate(raw["staff"])]
    if problems:
        raise BadScenario(*problems)
    found = convert({**raw, **parts}, Scenario)
    problems = list(_problems(found))
    if problems:
        raise BadScenario(*problems)
    queues = {name: _with_records(load, name, found, folder) for name, load in found.queues.items()}
    return msgspec.structs.replace(found, queues=queues)


def convert(raw: Any, kind: type[_Part], path: str = "") -> _Part:
    """Plain data as a structure. Raises BadScenario."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as wrong:
        raise BadScenario(_problem(wrong, path)) from None


def _part(raw: Any, kind: type[_Part], path: str, problems: list[Problem]) -> _Part | None:
    try:
        return convert(raw, kind, path)
    except BadScenario as wrong:
        problems += wrong.problems
        return None


def _problem(wrong: msgspec.ValidationError, path: str) -> Problem:
    reason, _, place = str(wrong).partition(" - at `$")
    inner = place.rstrip("`").replace("[...]", "").replace("[", ".").replace("]", "").strip(".")
    return Problem(".".join(part for part in (path, inner) if part), reason)


def _problems(scenario: Scenario) -> Iterator[Problem]:
    """What a scenario of the right form still has wrong; its bounds first, as the rest counts on them."""
    beyond = list(_beyond_bounds(scenario))
    yield from beyond
    if beyond:
        return
    for name, queue in scenario.queues.items():
        yield from _queue_problems(f"queues.{name}", queue)
    for profile, plan in scenario.profiles.items():
        for name in plan.queues:
            if name not in scenario.queues:
                yield Problem(f"profiles.{profile}", f"there is no queue {name}")
    try:
        _clock(scenario.start)
    except BadScenario as wrong:
        yield Problem("start", str(wrong))
    try:
        ZoneInfo(scenario.time_zone or "UTC")
    except (OSError, ValueError, KeyError):
        yield Problem("time_zone", f"there is no time zone {scenario.time_zone}")
    for number, staff in enumerate(scenario.staff):
        yield from _staff_problems(f"staff.{number}", staff, scenario)


def _beyond_bounds(scenario: Scenario) -> Iterator[Problem]:
    for name, fits, wanted in (
        ("hours", 0 < scenario.hours <= 24 * 31, "more than 0, at most 744"),
        ("interval", 1 <= scenario.interval <= 24 * 60, "1 to 1440 minutes"),
        ("replications", scenario.replications >= 1, "a positive number"),
        ("service_level", 0 <= scenario.service_level <= 604_800, "seconds of at most a week"),
        (
            "warm_up",
            0 <= scenario.warm_up < max(1, scenario.hours * 60),
            "minutes, not negative and shorter than the whole",
        ),
    ):
        if not fits:
            yield Problem(name, f"must be {wanted}")


def _queue_problems(path: str, queue: QueueLoad) -> Iterator[Problem]:
    for part in ("handle", "wrap", "patience"):
        value = getattr(queue, part)
        if value is not None:
            yield from _distribution_problems(value, f"{path}.{part}")
    coming = queue.arrivals
    given = [one for one in (coming.per_hour, coming.file, coming.csv, coming.at) if one is not None]
    if len(given) != 1:
        yield Problem(f"{path}.arrivals", "give one of per_hour, at, csv and file")
    rates = coming.per_hour if isinstance(coming.per_hour, list) else [coming.per_hour or 0]
    if not rates or not all(0 <= rate < 1e7 for rate in rates):
        yield Problem(f"{path}.arrivals.per_hour", "customers an hour, none of them negative")
    if coming.at is not None and not all(0 <= one <= 744 * HOUR for one in coming.at):
        yield Problem(f"{path}.arrivals.at", "seconds from the start")
    if queue.limit is not None and queue.limit < 0:
        yield Problem(f"{path}.limit", "must not be negative")
    if queue.priority < 1:
        yield Problem(f"{path}.priority", "must be 1 or more")
    for text, level in queue.needs.items():
        if ":" not in text or not 1 <= level <= 5:
            yield Problem(f"{path}.needs", f"{text!r}: write Attribute:Value and a level of 1 to 5")
    if queue.needs_for is not None and queue.needs_for < 1:
        yield Problem(f"{path}.needs_for", "must be 1 second or more")


def _staff_problems(path: str, staff: Staff, scenario: Scenario) -> Iterator[Problem]:
    if staff.profile not in scenario.profiles:
        yield Problem(f"{path}.profile", f"there is no profile {staff.profile}")
    if staff.count < 0:
        yield Problem(f"{path}.count", "must not be negative")
    if not 0 <= staff.miss < 1:
        yield Problem(f"{path}.miss", "a share, from 0 to below 1")
    yield from _distribution_problems(staff.answer, f"{path}.answer")
    for text in staff.skills:
        if ":" not in text:
            yield Problem(f"{path}.skills", f"{text!r}: write Attribute:Value")
    for key, spans in (("shift", [staff.shift] if staff.shift else []), ("breaks", staff.breaks)):
        for span in spans:
            try:
                scenario.spans(span)
            except BadScenario as wrong:
                yield Problem(f"{path}.{key}", str(wrong))


def _distribution_problems(described: Any, path: str) -> Iterator[Problem]:
    try:
        distribution(described)
    except BadDistribution as wrong:
        yield Problem(path, str(wrong))


def _clock(text: str) -> float:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(hours) <= 24 and int(minutes) < 60):
        raise BadScenario(f"{text!r} is not a time of day such as 09:30")
    return int(hours) * HOUR + int(minutes) * 60.0


def _with_records(load: QueueLoad, name: str, scenario: Scenario, folder: Path | None) -> QueueLoad:
    path, text = f"queues.{name}.arrivals", load.arrivals.csv
    if load.arrivals.file is not None:
        if folder is None:
            raise BadScenario(Problem(f"{path}.file", "only the command line reads files; give the text as csv"))
        try:
            text = (folder / load.arrivals.file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            raise BadScenario(Problem(f"{path}.file", f"{load.arrivals.file} cannot be read: {wrong}")) from None
    if text is None:
        return load
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    own = [row for row in rows if row.get("Queue") in (None, "", name)]
    return msgspec.structs.replace(load, arrivals=Arrivals(at=_moments(own, scenario, path)))


def _moments(rows: Sequence[Mapping[str, str]], scenario: Scenario, path: str) -> list[float]:
    zone = ZoneInfo(scenario.time_zone) if scenario.time_zone else None
    try:
        texts = [row["Initiated"] if "Initiated" in row else row["InitiationTimestamp"] for row in rows]
        times = sorted(datetime.fromisoformat(text.replace("Z", "+00:00")) for text in texts)
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise BadScenario(Problem(path, f"InitiationTimestamp: {wrong}")) from None
    if not times:
        return []
    if zone is not None:
        times = [one.astimezone(zone) for one in times]
    midnight = times[0].replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = [(one - midnight).total_seconds() - _clock(scenario.start) for one in times]
    return [one for one in seconds if one >= 0]
