"""Replaying a span of an instance: reads its journal and its configuration, and compares the play with the record."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import HOUR, SECOND
from switchroom.centre import configuration
from switchroom.core.config import Configuration, UserSettings
from switchroom.core.event import Event
from switchroom.core.events import Accepted, AnyEvent
from switchroom.features.simulation.recording import AGENT_KINDS, KINDS, Recorder, Recording, Script
from switchroom.features.simulation.replay import Outcome, Replay
from switchroom.features.simulation.scenario import BadScenario
from switchroom.features.simulation.variant import read_changes, varied
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import past
from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    from switchroom.features.simulation.worker import Task

LEAD_IN = 24 * HOUR
"""How far before the span reading begins, for what was going on at its begin."""
TAIL = 2 * HOUR
"""How far behind the span, for what came of its last contacts."""
EVENTS = 5_000_000
SHOWN = 200
THRESHOLD = 20 * SECOND

_decoder = msgspec.json.Decoder(AnyEvent)


async def replay_task(task: "Task", progress: Callable[[float], None]) -> dict[str, Any]:
    """A `SimulationReplay`. Raises BadScenario when it cannot be played."""
    site = Site(region=task.region, account=task.account)
    begin, end = task.span
    database = Database(task.database_url, min_size=1, max_size=2)
    await database.open()
    try:
        catalogue = Catalogue()
        await catalogue.open(database)
        try:
            config = configuration.read(catalogue, task.instance, site)
        finally:
            await catalogue.close()
        recording = await read(database, task.instance, begin, end, lambda share: progress(share * 0.3))
    finally:
        await database.close()
    changes = read_changes(task.scenario)
    replay = Replay(recording, varied(config, changes), exact=not changes)
    outcomes = replay.run(lambda share: progress(0.3 + share * 0.7))
    return compared(recording, outcomes, config, begin, end)


async def read(database: Database, instance: str, begin: int, end: int, progress: Callable[[float], None]) -> Recording:
    """The recording of a span, with what led to it. Raises BadScenario."""
    first = await past.sequence_at(database, instance, begin - LEAD_IN)
    beyond = await past.sequence_at(database, instance, end + TAIL)
    if beyond - first > EVENTS:
        raise BadScenario("More happened in this span than can be replayed at a time: choose a shorter one")
    recorder = Recorder(begin)
    for seq, body in await past.last_of_agents(database, instance, first, AGENT_KINDS):
        recorder.hear(seq, _decoder.decode(body))
    async for seq, body in past.events(database, instance, first, beyond, KINDS):
        recorder.hear(seq, _decoder.decode(body))
        if seq % 5_000 == 0:
            progress((seq - first) / max(1, beyond - first))
    return recorder.recording


def compared(
    recording: Recording, outcomes: dict[str, Outcome], config: Configuration, begin: int, end: int
) -> dict[str, Any]:
    """The play beside the record, of the contacts that entered a queue within the span."""
    scripts = [one for one in recording.scripts.values() if one.queued_at is not None and begin <= one.queued_at < end]
    pairs = [(one, _recorded(one), outcomes.get(one.id, Outcome())) for one in scripts]
    other = [pair for pair in pairs if pair[1].agent != pair[2].agent]
    queues = sorted({one.queue or "" for one in scripts}, key=lambda queue: _queue_name(config, queue))
    return {
        "Contacts": len(pairs),
        "Same": len(pairs) - len(other),
        "Different": [_contact(config, *pair) for pair in other[:SHOWN]],
        "Recorded": _sums((script, was) for script, was, _ in pairs),
        "Simulated": _sums((script, now) for script, _, now in pairs),
        "Queues": [
            {
                "Name": _queue_name(config, queue),
                "Contacts": len(own := [pair for pair in pairs if pair[0].queue == queue]),
                "Same": sum(was.agent == now.agent for _, was, now in own),
                "Recorded": _sums((script, was) for script, was, _ in own),
                "Simulated": _sums((script, now) for script, _, now in own),
            }
            for queue in queues
        ],
        "Notes": list(_notes(scripts, config)),
    }


def _recorded(script: Script) -> Outcome:
    if script.accepted is not None:
        return Outcome(*script.accepted)
    return Outcome(left_at=script.left_at)


def _contact(config: Configuration, script: Script, was: Outcome, now: Outcome) -> dict[str, Any]:
    return {
        "ContactId": script.id,
        "Queue": _queue_name(config, script.queue or ""),
        "RecordedAgent": _login(config, was.agent),
        "SimulatedAgent": _login(config, now.agent),
        "RecordedWait": _wait(script, was),
        "SimulatedWait": _wait(script, now),
    }


def _wait(script: Script, outcome: Outcome) -> float | None:
    end = outcome.accepted_at if outcome.agent is not None else outcome.left_at
    return None if end is None or script.queued_at is None else (end - script.queued_at) / 1_000


def _sums(outcomes: Iterable[tuple[Script, Outcome]]) -> dict[str, Any]:
    found = list(outcomes)
    waits = [
        (outcome.agent is not None, wait) for script, outcome in found if (wait := _wait(script, outcome)) is not None
    ]
    answered = [wait for was_answered, wait in waits if was_answered]
    return {
        "Answered": len(answered),
        "Abandoned": len(waits) - len(answered),
        "ServiceLevel": sum(wait * SECOND <= THRESHOLD for _, wait in waits) / len(found) if found else None,
        "AnswerTime": sum(answered) / len(answered) if answered else None,
        "LongestWait": max((wait for _, wait in waits), default=None),
    }


def _notes(scripts: list[Script], config: Configuration) -> Iterable[str]:
    gone = {agent for script in scripts for offer in script.offers if (agent := offer.agent) not in config.users}
    if gone:
        yield f"{len(gone)} agents of then are no users any more: nobody is offered their contacts in their place."
    deleted = {script.queue for script in scripts if script.queue not in config.queues}
    if deleted:
        yield f"{len(deleted)} queues of then are deleted: their contacts are not played."
    answered = [
        (script, offer.accepted.event, user)
        for script in scripts
        for offer in script.offers
        if offer.accepted is not None and (user := config.users.get(offer.agent)) is not None
    ]
    moved = sum(_profile_of(event) not in ("", user.profile) for _, event, user in answered)
    if moved:
        yield f"{moved} contacts were answered by agents who have another routing profile now."
    left = sum(not _serves(config, user, script.queue) for script, _, user in answered)
    if left:
        yield f"{left} contacts were answered by agents whose routing profile does not have the queue now."


def _serves(config: Configuration, user: UserSettings, queue: str | None) -> bool:
    profile, found = config.profiles.get(user.profile), config.queues.get(queue or "")
    if found is None or found.agent is not None or profile is None:
        return True
    return any(entry.queue == queue for entry in profile.routing.entries)


def _profile_of(event: Event) -> str:
    return event.stay.profile.rpartition("/")[2] if isinstance(event, Accepted) else ""


def _queue_name(config: Configuration, queue: str) -> str:
    found = config.queues.get(queue)
    return found.name if found is not None else queue


def _login(config: Configuration, agent: str | None) -> str | None:
    if agent is None:
        return None
    user = config.users.get(agent)
    return user.username if user is not None else agent
