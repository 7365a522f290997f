"""Sets up the world of a scenario: its contact, resources and flows."""

import re
from collections.abc import Callable
from pathlib import Path

from switchroom.core.hours import DAYS, DayInterval, Hours, Interval, known_time_zone
from switchroom.flows.language import CompiledFlow, FlowSyntaxError, parse, text_of
from switchroom.flows.library import fill, index, load_library
from switchroom.flows.scenario import Contact, Resource
from switchroom.flows.testing.description import ContactState, QueueState, Scenario
from switchroom.flows.testing.inputs import DescriptionError
from switchroom.flows.testing.world import PlayedWorld
from switchroom.flows.world import AgentCounts, AgentView, Endpoint, QueueCounts

MODULE_KIND, FLOW_KIND = "contact-flow-module", "contact-flow"
_OPENING = re.compile(r"([A-Za-z]{3})(?:-([A-Za-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)(?: ([A-Za-z0-9_+/-]+))?")
_SHORT = [day[:3].capitalize() for day in DAYS]

Reader = Callable[[str], str]
"""The text of a file a scenario names. Raises DescriptionError."""


def reader(folder: Path) -> Reader:
    """Reads files of a folder."""

    def read(name: str) -> str:
        try:
            return (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            raise DescriptionError(f"{name} cannot be read: {getattr(wrong, 'strerror', wrong)}") from None

    return read


class Stage:
    """The world of one scenario, and the flow it begins in."""

    def __init__(self, scenario: Scenario, read: Reader, *, watch: Callable[[int], None] | None = None) -> None:
        self._scenario = scenario
        self._read = read
        now = round(scenario.at.timestamp() * 1_000)
        self.world = PlayedWorld(contact_of(scenario.contact), now=now, seed=scenario.seed, watch=watch)
        self.world.paused = scenario.contact.paused
        set_resources(self.world, scenario)
        self.flow = self._flows()

    def _flows(self) -> CompiledFlow:
        scenario, world = self._scenario, self.world
        files = {(FLOW_KIND, name): file for name, file in scenario.flows.items()}
        files |= {(MODULE_KIND, name): file for name, file in scenario.modules.items()}
        shipped = {(_kind(entry.type), entry.name): entry.type for entry in index()}
        for kind, name in (*files, *shipped):
            if not any(r.kind == kind and r.name == name for r in world.resources):
                world.add(kind, name, id=name, type=shipped.get((kind, name), "CONTACT_FLOW"))
        for entry in load_library(self._arn):
            if (_kind(entry.type), entry.name) not in files:
                self._publish(_kind(entry.type), entry.name, entry.content, entry.type)
        for (kind, name), file in files.items():
            own_type = "MODULE" if kind == MODULE_KIND else "CONTACT_FLOW"
            self._publish(kind, name, fill(self._read(file), self._arn), own_type)
        main = scenario.flow
        if (FLOW_KIND, main) in shipped:
            return self._published(main)
        kind = MODULE_KIND if scenario.type == "MODULE" else FLOW_KIND
        world.add(kind, main, id="main", type=scenario.type)
        return self._publish(kind, main, fill(self._read(main), self._arn), scenario.type)

    def _publish(self, kind: str, name: str, content: str, type: str) -> CompiledFlow:
        own = self._named(kind, name)
        try:
            flow = parse(content, id=own.id, arn=own.arn, name=name, type=type)
        except FlowSyntaxError as wrong:
            raise DescriptionError(f"{name}: {wrong}") from None
        self.world.shelf.put(flow)
        return flow

    def _published(self, name: str) -> CompiledFlow:
        flow = self.world.shelf.flow(self._named(FLOW_KIND, name).id)
        if flow is None:
            raise DescriptionError(f"There is no flow {name}")
        return flow

    def _named(self, kind: str, name: str) -> Resource:
        for resource in self.world.resources:
            if resource.kind == kind and resource.name == name:
                return resource
        return self.world.add(kind, name, id=name)

    def _arn(self, kind: str, name: str) -> str:
        if kind == "lambda-function":
            return f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        return self._named(kind, name).arn


def set_resources(world: PlayedWorld, scenario: Scenario) -> None:
    """Configure what a scenario describes."""
    for name, state in scenario.hours.items():
        world.add("hours-of-operation", name, id=name, **opening(state))
    for name, given in scenario.queues.items():
        _queue(world, name, given or QueueState())
    for kind, names in (("prompt", scenario.prompts), ("task-template", scenario.templates)):
        for name in names:
            world.add(kind, name, id=name)
    for name in scenario.functions:
        world.add("lambda-function", name, id=name)
    for name in scenario.users:
        user = world.add("user", name, id=name)
        world.add("queue", name, id=f"agent/{name}", user=user.id)


def _queue(world: PlayedWorld, name: str, state: QueueState) -> None:
    hours = world.add("hours-of-operation", f"hours of {name}", **opening(state.hours))
    agents = AgentCounts(online=state.online, staffed=state.staffed, available=state.available, busy=state.busy)
    counts = QueueCounts(state.waiting, state.oldest * 1_000, agents)
    world.add("queue", name, id=state.id or name, hours=hours.id, maximum=state.limit, counts=counts)


def opening(state: str) -> dict[str, bool | Hours]:
    """`open`, `closed`, or times like `Mon-Fri 09:00-17:00 Asia/Tokyo`, several with `;`. Raises DescriptionError."""
    if state in ("open", "closed"):
        return {"open": state == "open"}
    zone, config = "UTC", []
    for part in state.split(";"):
        found = _OPENING.fullmatch(part.strip())
        days = [_day(name) for name in found.group(1, 2)] if found is not None else []
        if found is None or None in (days[0], days[1] if found.group(2) else 0):
            raise DescriptionError(
                f"Hours are `open`, `closed` or like `Mon-Fri 09:00-17:00 Asia/Tokyo`, not {state!r}"
            )
        zone = found.group(7) or zone
        first, last = days[0] or 0, days[1] if found.group(2) else days[0]
        start, end = (int(found.group(n)) * 60 + int(found.group(n + 1)) for n in (3, 5))
        config += [DayInterval(day, Interval(start, end)) for day in DAYS[first : (last or 0) + 1]]
    if not known_time_zone(zone):
        raise DescriptionError(f"There is no time zone {zone}")
    return {"schedule": Hours(zone, tuple(config))}


def _day(name: str | None) -> int | None:
    return _SHORT.index(name.capitalize()) if name and name.capitalize() in _SHORT else None


def contact_of(state: ContactState) -> Contact:
    """The contact of a description."""
    contact = Contact(channel=state.channel.upper())
    contact.attributes = {key: text_of(value) for key, value in state.attributes.items()}
    contact.customer_endpoint = Endpoint(state.customer) if state.customer else None
    contact.system_endpoint = Endpoint(state.system) if state.system else None
    contact.segment_attributes = dict(state.segment_attributes)
    if state.agent:
        contact.agent = AgentView(state.agent, state.agent, "", f"arn:agent/{state.agent}")
    for key in ("id", "name", "description", "language", "customer_id", "initiation_method"):
        value = getattr(state, key)
        if value is not None:
            setattr(contact, key, value)
    return contact


def _kind(type: str) -> str:
    return MODULE_KIND if type == "MODULE" else FLOW_KIND
