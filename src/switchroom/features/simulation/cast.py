"""The centre of a scenario: its configuration, its flows, and its agents, as the decisions know them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from switchroom.base.arns import Site
from switchroom.core.config import (
    Configuration,
    NumberSettings,
    ProfileSettings,
    QueueSettings,
    Quotas,
    StatusSettings,
    UserSettings,
    VoiceSettings,
)
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.features.simulation.scenario import Place, QueueLoad, Scenario, Staff
from switchroom.flows.language import CompiledFlow, parse
from switchroom.flows.world import Named

AVAILABLE, OFFLINE, BREAK = "available", "offline", "break"
MEDIA = "media"

_EVERYTHING = Quotas(calls=10_000_000, chats=10_000_000, tasks=10_000_000)
_PURPOSES = {
    "customer_queue": "CUSTOMER_QUEUE",
    "agent_whisper": "AGENT_WHISPER",
    "customer_whisper": "CUSTOMER_WHISPER",
    "outbound_whisper": "OUTBOUND_WHISPER",
    "customer_hold": "CUSTOMER_HOLD",
    "agent_hold": "AGENT_HOLD",
}


@dataclass(slots=True)
class Agent:
    """One agent of a scenario."""

    id: str
    staff: Staff


@dataclass(slots=True)
class Cast:
    """What a player needs: configuration, flows, directory, agents, and the number or flow each queue is reached by."""

    config: Configuration
    flows: "FlowsOfScenario"
    directory: "DirectoryOfScenario"
    agents: list[Agent]
    entrances: dict[str, str] = field(default_factory=dict)
    """By queue: the number that is called, or the flow that is begun."""


class FlowsOfScenario:
    """`centre.library.Flows`: one entrance a queue, and nothing to be heard anywhere else."""

    def __init__(self, flows: Iterator[CompiledFlow]) -> None:
        self._flows = {flow.id: flow for flow in flows}

    def flow(self, id: str, version: int | None = None) -> CompiledFlow | None:
        """See `flows.shelf.Library.flow`."""
        return self._flows.get(id)

    def default(self, purpose: str) -> CompiledFlow | None:
        """A flow that ends at once."""
        return self._flows.get(purpose)


class DirectoryOfScenario:
    """`centre.directory.Directory` over the configuration."""

    def __init__(self, config: Configuration) -> None:
        self._config = config

    def find(self, kind: str, reference: str) -> Named | None:
        """Queues and users; nothing else is named in a scenario."""
        tables: dict[str, dict[str, Any]] = {"queue": self._config.queues, "user": self._config.users}
        found: Named | None = tables.get(kind, {}).get(reference)
        return found

    def body(self, kind: str, identifier: str) -> dict[str, Any]:
        """Nothing has settings beyond the configuration."""
        return {}

    def sound(self, prompt: str) -> str | None:
        """Nothing is heard."""
        return None


def cast_of(scenario: Scenario) -> Cast:
    """The centre that a scenario describes."""
    agents = [
        Agent(f"agent-{number}-{one}", staff)
        for number, staff in enumerate(scenario.staff, 1)
        for one in range(1, staff.count + 1)
    ]
    ids = queue_ids(scenario)
    numbers = {name: f"+1555{at:07}" for at, name in enumerate(scenario.queues)}
    calls = {name for name, load in scenario.queues.items() if load.channel == "VOICE"}
    config = Configuration(
        site=Site(),
        instance="simulation",
        queues={
            ids[name]: QueueSettings(id=ids[name], arn=ids[name], name=name, max_contacts=load.limit)
            for name, load in scenario.queues.items()
        },
        profiles={name: _profile(name, scenario) for name in scenario.profiles},
        users={
            agent.id: UserSettings(
                id=agent.id,
                arn=agent.id,
                username=agent.id,
                profile=agent.staff.profile,
                proficiencies={_skill(name): level for name, level in agent.staff.skills.items()},
            )
            for agent in agents
        },
        statuses={
            AVAILABLE: StatusSettings(AVAILABLE, AVAILABLE, "Available", "ROUTABLE"),
            OFFLINE: StatusSettings(OFFLINE, OFFLINE, "Offline", "OFFLINE"),
            BREAK: StatusSettings(BREAK, BREAK, "Break", "CUSTOM"),
        },
        attributes=_attributes(scenario),
        quotas=_EVERYTHING,
        voice=VoiceSettings(),
        numbers={numbers[name]: NumberSettings(numbers[name], f"to-{ids[name]}") for name in calls},
        flow_logs=False,
        strict_priority_blocking=scenario.strict_priority,
    )
    entrances = {name: numbers[name] if name in calls else f"to-{ids[name]}" for name in scenario.queues}
    return Cast(config, FlowsOfScenario(_flows(scenario)), DirectoryOfScenario(config), agents, entrances)


def queue_ids(scenario: Scenario) -> dict[str, str]:
    """The id of each queue; a name may hold anything."""
    return {name: f"queue-{number}" for number, name in enumerate(scenario.queues, 1)}


def _profile(name: str, scenario: Scenario) -> ProfileSettings:
    plan, ids = scenario.profiles[name], queue_ids(scenario)
    entries = []
    for queue, given in plan.queues.items():
        place = Place(given) if isinstance(given, int) else given
        entries.append(Entry(ids[queue], scenario.queues[queue].channel, place.priority, place.delay))
    exclusive = {channel: channel not in plan.cross for channel in plan.concurrency}
    routing = Profile(name, dict(plan.concurrency), exclusive, tuple(entries))
    return ProfileSettings(id=name, arn=name, name=name, routing=routing)


def _skill(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name, value


def _attributes(scenario: Scenario) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    wanted = [text for load in scenario.queues.values() for text in load.needs]
    for text in (*wanted, *(text for staff in scenario.staff for text in staff.skills)):
        name, value = _skill(text)
        found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _flows(scenario: Scenario) -> Iterator[CompiledFlow]:
    for purpose, kind in _PURPOSES.items():
        yield _compiled(purpose, kind, [{"Identifier": "end", "Type": "EndFlowExecution"}])
    for name, identifier in queue_ids(scenario).items():
        yield _compiled(f"to-{identifier}", "CONTACT_FLOW", list(_entrance(identifier, scenario.queues[name])))


def _entrance(queue: str, load: QueueLoad) -> Iterator[dict[str, Any]]:
    def action(id: str, kind: str, next: str | None, **parameters: Any) -> dict[str, Any]:
        errors = [{"NextAction": "gone", "ErrorType": kind} for kind in ("NoMatchingError", "QueueAtCapacity")]
        ways = {"Errors": errors, **({"NextAction": next} if next else {})}
        return {"Identifier": id, "Type": kind, "Parameters": parameters, "Transitions": ways}

    yield action("queue", "UpdateContactTargetQueue", "priority", QueueId=queue)
    yield action("priority", "UpdateContactRoutingBehavior", "criteria", QueuePriority=load.priority)
    if load.needs:
        yield action("criteria", "UpdateRoutingCriteria", "go", RoutingCriteria=_criteria(load))
    yield action("go" if load.needs else "criteria", "TransferContactToQueue", None)
    yield {"Identifier": "gone", "Type": "DisconnectParticipant"}


def _criteria(load: QueueLoad) -> dict[str, Any]:
    parts = [
        {
            "AttributeCondition": {
                "Name": _skill(text)[0],
                "Value": _skill(text)[1],
                "ProficiencyLevel": level,
                "ComparisonOperator": "NumberGreaterOrEqualTo",
            }
        }
        for text, level in load.needs.items()
    ]
    step: dict[str, Any] = {"Expression": parts[0] if len(parts) == 1 else {"AndExpression": parts}}
    if load.needs_for is not None:
        step["Expiry"] = {"DurationInSeconds": load.needs_for}
    return {"Steps": [step]}


def _compiled(id: str, kind: str, actions: list[dict[str, Any]]) -> CompiledFlow:
    document = {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": actions}
    return parse(json.dumps(document), id=id, arn=id, name=id, type=kind)
