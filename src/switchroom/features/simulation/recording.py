"""What a journal says of a span, as parts that can be played again.

The journal tells what came from outside (customers who came, waited and left, agents who answered, missed, talked and
took breaks) and what was decided (who was offered what). A recording keeps the former, tied to what it hung on: the
answer to the offer it answers, the end of a conversation to its begin.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

import msgspec

from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.event import Event

PLAYED: tuple[type[Event], ...] = (
    *(e.ContactInitiated, e.FlowEntered, e.RoutingDataChanged, e.CriteriaChanged, e.Queued),
    *(e.Offered, e.OfferMissed, e.OfferWithdrawn, e.Answered, e.Accepted, e.ConnectedToAgent),
    *(e.Disconnected, e.WrapUpStarted, e.SlotCleared, e.Completed, e.Paused, e.Resumed),
    *(e.StatusSet, e.NextStatusSet, e.LoggedIn, e.LoggedOut),
    *(v.OutboundPlaced, v.SlotFailed, v.CallbackScheduled),
)
"""The events that routing depends on; of the others nothing is needed."""
KINDS = tuple(kind.__name__ for kind in PLAYED)
AGENT_KINDS = ("StatusSet", "NextStatusSet", "LoggedIn", "LoggedOut")
_OF_AN_OFFER = (e.OfferMissed, e.OfferWithdrawn, e.Answered)


class Step(msgspec.Struct, frozen=True):
    """Something that happened `at` (epoch ms), in the order of `seq`."""

    at: int
    seq: int
    event: Event


@dataclass(slots=True)
class Offer:
    """An offer as it was, and what came of it. `cleared`: when the agent put a missed contact away."""

    at: int
    agent: str
    steps: list[Step] = field(default_factory=list)
    cleared: Step | None = None
    accepted: Step | None = None

    @property
    def withdrawn(self) -> bool:
        """It ended without the agent's doing."""
        return self.accepted is None and not self.missed

    @property
    def missed(self) -> bool:
        """The agent let it pass, or rejected it."""
        return any(isinstance(step.event, e.OfferMissed) for step in self.steps)


@dataclass(slots=True)
class Part:
    """A time in the life of a contact: from its begin, or from an acceptance by `agent`, until the next acceptance."""

    begun_at: int
    agent: str | None = None
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class Script:
    """A contact as it was."""

    id: str
    queue: str | None = None
    queued_at: int | None = None
    parts: list[Part] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    left_at: int | None = None
    """When it left the queue, or ended, without an agent."""
    parent: str | None = None
    """The contact whose acceptance it hangs on: it was handed on by that agent."""
    before: str | None = None
    """The contact it carries on, if that one was not accepted: moved from queue to queue."""

    @property
    def accepted(self) -> tuple[str, int] | None:
        """(agent, moment) of the first acceptance."""
        return (self.parts[1].agent or "", self.parts[1].begun_at) if len(self.parts) > 1 else None


@dataclass(slots=True)
class Recording:
    """All contacts by id, what agents did of their own accord, and where offers were decided: (moment, seq)."""

    scripts: dict[str, Script] = field(default_factory=dict)
    agents: list[Step] = field(default_factory=list)
    decisions: list[tuple[int, int]] = field(default_factory=list)
    early: list[Step] = field(default_factory=list)
    """Everything from before the span, as it was: the centre is brought to its begin with it."""

    end: int = 0
    """The last moment that is known."""

    def usual(self) -> "Usual":
        """What is assumed for what did not happen then, by queue."""
        return Usual.of(self.scripts.values())


@dataclass(slots=True)
class Usual:
    """Middle values in ms: of an agent's answer, and by queue of a conversation and the work after it."""

    answer: int
    talk: dict[str | None, int]
    wrap: dict[str | None, int]

    @classmethod
    def of(cls, scripts: Iterable[Script]) -> "Usual":
        """From contacts as they were."""
        answers: list[int] = []
        talks: dict[str | None, list[int]] = {None: []}
        wraps: dict[str | None, list[int]] = {None: []}
        for script in scripts:
            answers += [offer.accepted.at - offer.at for offer in script.offers if offer.accepted is not None]
            for part in script.parts[1:]:
                moments = {type(step.event): step.at for step in reversed(part.steps)}
                ended = moments.get(e.WrapUpStarted, moments.get(e.Disconnected))
                if ended is not None:
                    for group in (script.queue, None):
                        talks.setdefault(group, []).append(ended - part.begun_at)
                        wraps.setdefault(group, []).append(max(0, moments.get(e.SlotCleared, ended) - ended))
        return cls(
            int(median(answers)) if answers else 3_000,
            {queue: int(median(found)) if found else 180_000 for queue, found in talks.items()},
            {queue: int(median(found)) if found else 30_000 for queue, found in wraps.items()},
        )


class Recorder:
    """Reads events in order; `begin` (epoch ms) is where the span begins that is played."""

    def __init__(self, begin: int) -> None:
        self._begin = begin
        self.recording = Recording()
        self._next_status: dict[str, str | None] = {}

    def hear(self, seq: int, event: Event) -> None:
        """The next event."""
        if not isinstance(event, PLAYED):
            return
        event = _plain(event)
        step = Step(event.at, seq, event)
        self.recording.end = event.at
        if event.at < self._begin:
            self.recording.early.append(step)
        if isinstance(event, (e.StatusSet, e.NextStatusSet, e.LoggedIn, e.LoggedOut)):
            self._agent(step)
        elif isinstance(event, e.ContactInitiated):
            self._initiated(step, event)
        else:
            script = self.recording.scripts.get(e.contact_of(event) or "")
            if script is not None:
                self._contact(script, step)

    def _agent(self, step: Step) -> None:
        """What an agent or supervisor did; a next status that came true is a consequence, not a deed."""
        event = step.event
        pending = self._next_status.get(e.agent_of(event) or "")
        if isinstance(event, e.NextStatusSet):
            self._next_status[event.agent] = event.status
        elif isinstance(event, e.StatusSet):
            self._next_status.pop(event.agent, None)
            if event.by is None and pending == event.status:
                return
        if step.at >= self._begin:
            self.recording.agents.append(step)

    def _initiated(self, step: Step, event: e.ContactInitiated) -> None:
        contact = event.contact
        script = Script(contact.id, parts=[Part(step.at, steps=[step])])
        before = self.recording.scripts.get(contact.previous_id or "")
        if before is not None and len(before.parts) > 1:
            script.parent = before.id
        elif before is not None:
            script.before = before.id
        self.recording.scripts[contact.id] = script

    def _contact(self, script: Script, step: Step) -> None:
        event = step.event
        if isinstance(event, e.Offered):
            script.offers.append(Offer(step.at, event.agent))
            if step.at >= self._begin:
                self.recording.decisions.append((step.at, step.seq))
        elif isinstance(event, _OF_AN_OFFER):
            if script.offers:
                script.offers[-1].steps.append(step)
        elif isinstance(event, e.Accepted):
            if script.offers:
                script.offers[-1].accepted = step
            script.parts.append(Part(step.at, event.agent, [step]))
        elif isinstance(event, e.SlotCleared) and (missed := _missed_by(script, event.agent)) is not None:
            missed.cleared = step
        else:
            self._of_its_own(script, step)

    def _of_its_own(self, script: Script, step: Step) -> None:
        script.parts[-1].steps.append(step)
        if isinstance(step.event, e.Queued) and script.queued_at is None:
            script.queue, script.queued_at = step.event.queue, step.at
        ends = isinstance(step.event, (e.Disconnected, e.Paused))
        if ends and len(script.parts) == 1 and script.queued_at is not None and script.left_at is None:
            script.left_at = step.at


def _missed_by(script: Script, agent: str) -> Offer | None:
    """The offer that an agent missed and still shows."""
    for offer in reversed(script.offers):
        if offer.agent == agent and offer.cleared is None and not offer.withdrawn and offer.accepted is None:
            return offer
    return None


def _plain(event: Event) -> Event:
    """The event without what would set off anything of its own: no flows, no calls, no limits of time."""
    if isinstance(event, e.ContactInitiated):
        contact = msgspec.structs.replace(
            event.contact, flows={}, flow=None, call=None, party=None, expires_at=None, scheduled_at=None
        )
        place = "created" if contact.place == "scheduled" else contact.place
        return e.ContactInitiated(at=event.at, contact=msgspec.structs.replace(contact, place=place))
    if isinstance(event, e.WrapUpStarted):
        return msgspec.structs.replace(event, deadline=None)
    return event
