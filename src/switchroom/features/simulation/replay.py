"""Recorded contacts played again: customers and agents do what they did, the real decisions say who serves whom.

With the configuration of then, everybody is offered the same at the same moment. With another, what hung on a decision
moves with it: the answer follows the offer, the end of a conversation its begin, whoever the agent is.
"""

import heapq
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from switchroom.base.clock import HOUR
from switchroom.centre.decider import Decider
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.event import Event
from switchroom.core.evolve import Fold
from switchroom.core.lifecycle.criteria import activate, joined
from switchroom.core.lifecycle.offering import settle_next_status, stay_of
from switchroom.core.state import State
from switchroom.features.simulation.cast import DirectoryOfScenario, FlowsOfScenario
from switchroom.features.simulation.recording import Offer, Recording, Script, Step

LAG = 500
"""How much later than planned a timer may have fired in the recorded centre, ms. What the journal tells of it comes
first; only what it does not tell is then made up for."""
PUT_AWAY = 10_000
"""After how long an agent puts a missed contact away that was not missed then, ms."""
_LAST = 1 << 62
_TIMERS = ("offer", "criteria")
"""Timers that fire of themselves; what others did stands in the journal."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of a contact in the play: who accepted it and when, or when it left without."""

    agent: str | None = None
    accepted_at: int | None = None
    left_at: int | None = None


class Replay:
    """Plays a recording. `exact`: the configuration is that of then, so its timers may lag as they did then."""

    def __init__(self, recording: Recording, config: Configuration, *, exact: bool = True) -> None:
        self._recording = recording
        self._usual = recording.usual()
        self._lag = LAG if exact else 0
        self.outcomes: dict[str, Outcome] = {}
        self.now = 0
        self._heap: list[tuple[int, int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._pushed = 0
        self._offers: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._agents: dict[str, dict[str | None, str]] = {}
        """By contact: who stands for whom of the recorded agents."""
        self._seen = 0
        self._end = 0
        self._handed_on: dict[str, list[Script]] = {}
        """By contact: those that its agent handed on."""
        for script in recording.scripts.values():
            if script.parent is not None:
                self._handed_on.setdefault(script.parent, []).append(script)
        state = self._begin_state()
        users = {
            one.id: msgspec.structs.replace(one, auto_accept=False, desk_phone=None) for one in config.users.values()
        }
        self._decider = Decider(
            state,
            msgspec.structs.replace(config, users=users),
            FlowsOfScenario(iter(())),
            DirectoryOfScenario(config),
            new_id=lambda: "",
            random=Random(0),
        )
        self._turn = self._decider.turn(0)
        self._arrange()

    def run(self, progress: Callable[[float], None] | None = None) -> dict[str, Outcome]:
        """What became of each contact."""
        steps, first, last = 0, self._heap[0][0] if self._heap else 0, self._end
        while (moment := self._next()) is not None:
            self._at_moment(moment)
            steps += 1
            if progress is not None and steps % 1_000 == 0:
                progress(min(1.0, (moment - first) / max(1, last - first)))
        return self.outcomes

    @property
    def state(self) -> State:
        """The centre as it is now."""
        return self._decider.state

    # ------------------------------------------------------------------ before the span

    def _begin_state(self) -> State:
        """The centre at the begin of the span: what happened before, as it happened."""
        fold = Fold(State())
        for step in self._recording.early:
            if _fits(fold.state, step.event):
                fold.apply(step.event)
                self._note_early(step.event)
        return fold.state

    def _note_early(self, event: Event) -> None:
        if isinstance(event, e.Offered):
            self._offers[event.contact] = self._offers.get(event.contact, 0) + 1
        elif isinstance(event, e.Accepted):
            self._parts[event.contact] = self._parts.get(event.contact, 0) + 1
            self._agents.setdefault(event.contact, {})[event.agent] = event.agent

    def _arrange(self) -> None:
        """Everything that hangs on no decision of the play."""
        begin = self._recording.early[-1].at + 1 if self._recording.early else 0
        self._end = self._recording.end
        for step in self._recording.agents:
            self._push(step.at, step.seq, self._agent_does, step)
        for at, seq in self._recording.decisions:
            self._push(at, seq, self._decide)
        for script in self._recording.scripts.values():
            reached = self._parts.get(script.id, 0)
            if script.parent is not None and script.parts[0].begun_at >= begin and not self._known(script.parent):
                continue
            for number in range(reached + 1):
                self._push_part(script, number, 0, begin)
            for offer in script.offers[: self._offers.get(script.id, 0)]:
                self._push_offer(script, offer, offer.agent, 0, begin)

    def _known(self, parent: str) -> bool:
        """The contact was accepted before the span: what its agent did with it stands."""
        return self._parts.get(parent, 0) > 0

    def _push_part(self, script: Script, number: int, shift: int, begin: int = 0) -> None:
        for step in script.parts[number].steps if number < len(script.parts) else ():
            if step.at >= begin and not isinstance(step.event, e.Accepted):
                self._push(step.at + shift, step.seq, self._happens, script, number, step, shift)

    def _push_offer(self, script: Script, offer: Offer, agent: str, shift: int, begin: int = 0) -> None:
        """The answer of an agent: what it was, from this offer on."""
        steps = [*offer.steps, *(one for one in (offer.accepted, offer.cleared) if one is not None)]
        for step in steps:
            if step.at >= begin:
                self._push(step.at + shift, step.seq, self._answers, script, step, agent)

    # ------------------------------------------------------------------ time

    def _push(self, at: int, seq: int, act: Callable[..., None], *arguments: Any) -> None:
        self._pushed += 1
        heapq.heappush(self._heap, (max(at, self.now), seq, self._pushed, act, arguments))

    def _next(self) -> int | None:
        """The next moment at which something happens; None when all is over."""
        due = self._decider.fold.indexes.next_due()
        while due is not None and due[1].partition(" ")[0] not in _TIMERS:
            self._decider.state.timers.pop(due[1], None)
            due = self._decider.fold.indexes.next_due()
        wake = self._decider.wake_at()
        moments = [self._heap[0][0]] if self._heap else []
        if wake is not None and (self._heap or wake <= self._end + HOUR):
            moments.append(max(self.now, wake + self._lag))
        moment = min(moments, default=None)
        return None if moment is None or (self._lag and moment > self._end) else moment

    def _at_moment(self, moment: int) -> None:
        self.now = moment
        self._turn = self._decider.turn(moment)
        self._seen = 0
        while self._heap and self._heap[0][0] <= moment:
            _, _, _, act, arguments = heapq.heappop(self._heap)
            act(*arguments)
            if not self._heap or self._heap[0][0] > moment:
                self._decide()
        wake = self._decider.wake_at()
        if wake is not None and wake + self._lag <= moment:
            self._decider.fire_due(self._turn)
            self._listen()

    def _decide(self) -> None:
        """Who is offered what, now."""
        self._decider.settle(self._turn)
        self._listen()

    def _listen(self) -> None:
        """Agents hear of their offers."""
        events = self._turn.events
        while self._seen < len(events):
            event = events[self._seen]
            self._seen += 1
            if isinstance(event, e.Offered):
                self._offered(event)
            elif isinstance(event, e.OfferMissed):
                self._push(self.now + PUT_AWAY, _LAST, self._puts_away, event.contact, event.agent)

    def _emit(self, event: Event) -> None:
        self._turn.emit(event)

    # ------------------------------------------------------------------ agents

    def _agent_does(self, step: Step) -> None:
        """A status that is chosen while there is something to do becomes the next one."""
        event, turn = step.event, self._turn
        if not isinstance(event, e.StatusSet | e.NextStatusSet):
            if turn.state.agents.get(e.agent_of(event) or "") is not None:
                self._emit(_at(event, self.now))
            return
        agent = turn.state.agents.get(event.agent)
        busy = agent is not None and bool(agent.slots)
        if event.status is None or event.status_type is None:
            if agent is not None and agent.next_status is not None:
                self._emit(_at(event, self.now))
        elif event.status_type != "ROUTABLE" and busy:
            values = {"status": event.status, "status_type": event.status_type, "by": event.by}
            self._emit(e.NextStatusSet(at=self.now, agent=event.agent, **values))  # type: ignore[arg-type]
        elif agent is None or agent.status != event.status:
            self._emit(
                e.StatusSet(
                    at=self.now, agent=event.agent, status=event.status, status_type=event.status_type, by=event.by
                )
            )

    def _offered(self, event: e.Offered) -> None:
        """The answer is that of the offer of the same number then; without one the agent answers as usual."""
        script = self._recording.scripts.get(event.contact)
        if script is None:
            return
        number = self._offers.get(event.contact, 0)
        self._offers[event.contact] = number + 1
        if number < len(script.offers):
            offer = script.offers[number]
            if not offer.withdrawn or abs(offer.at - event.at) <= LAG:
                self._push_offer(script, offer, event.agent, event.at - offer.at)
                return
        self._push(self.now + self._usual.answer, _LAST, self._accepts, script, event.agent)

    def _answers(self, script: Script, step: Step, agent: str) -> None:
        event, contact = step.event, self._turn.state.contacts.get(script.id)
        if isinstance(event, e.Accepted):
            self._accepts(script, agent)
        elif isinstance(event, e.SlotCleared):
            self._clears(script.id, agent)
        elif contact is None or contact.offered_to != agent:
            return
        elif isinstance(event, e.OfferWithdrawn):
            self._withdraw(contact)
        elif isinstance(event, e.OfferMissed):
            self._emit(e.OfferMissed(at=self.now, contact=script.id, agent=agent, rejected=event.rejected))
        else:
            self._emit(e.Answered(at=self.now, contact=script.id, agent=agent))

    def _puts_away(self, contact: str, agent: str) -> None:
        """An agent who did not miss this contact then does not leave it lying."""
        offers = self._recording.scripts[contact].offers
        told = any(
            offer.cleared is not None or (self._lag and offer.missed and offer.agent == agent) for offer in offers
        )
        slot = self._turn.state.slot(agent, contact)
        if slot is not None and not slot.live and not told:
            self._clears(contact, agent)

    def _clears(self, contact: str, agent: str) -> None:
        slot = self._turn.state.slot(agent, contact)
        if slot is not None and (slot.monitoring or not slot.live):
            self._emit(e.SlotCleared(at=self.now, agent=agent, contact=contact))
            settle_next_status(self._turn, self._turn.state.agents[agent])

    def _accepts(self, script: Script, agent: str) -> None:
        turn, contact = self._turn, self._turn.state.contacts.get(script.id)
        if contact is None or contact.offered_to != agent or agent not in turn.config.users:
            return
        joined(turn, contact)
        self._emit(e.Accepted(at=self.now, contact=contact.id, agent=agent, stay=stay_of(turn, agent)))
        self.outcomes.setdefault(contact.id, Outcome(agent, self.now))
        number = self._parts[script.id] = self._parts.get(script.id, 0) + 1
        if number >= len(script.parts):
            self._serves_as_usual(script, agent)
            return
        part = script.parts[number]
        self._agents.setdefault(script.id, {})[part.agent] = agent
        shift = self.now - part.begun_at
        self._push_part(script, number, shift)
        for other in self._handed_on.get(script.id, ()) if number == 1 else ():
            self._push_part(other, 0, shift)

    def _serves_as_usual(self, script: Script, agent: str) -> None:
        """Nobody served this contact then: a conversation as is usual in its queue."""
        talk = self._usual.talk.get(script.queue, self._usual.talk[None])
        wrap = self._usual.wrap.get(script.queue, self._usual.wrap[None])
        contact = script.id
        for delay, event in (
            (0, e.ConnectedToAgent(at=0, contact=contact, agent=agent)),
            (talk, e.WrapUpStarted(at=0, contact=contact, agent=agent)),
            (talk, e.Disconnected(at=0, contact=contact)),
            (talk + wrap, e.SlotCleared(at=0, contact=contact, agent=agent)),
            (talk + wrap, e.Completed(at=0, contact=contact)),
        ):
            step = Step(self.now + delay, _LAST, event)
            self._push(step.at, _LAST, self._happens, script, len(script.parts), step, 1)

    # ------------------------------------------------------------------ contacts

    def _happens(self, script: Script, number: int, step: Step, shift: int) -> None:
        """What happened to a contact then, in a part of its life, if it still can."""
        event = step.event
        if isinstance(event, e.ContactInitiated):
            self._comes(script, event)
            return
        if isinstance(event, e.SlotCleared):
            self._clears(script.id, self._stands_for(script, event.agent))
            return
        contact = self._turn.state.contacts.get(script.id)
        if contact is None:
            return
        overtaken = number < self._parts.get(script.id, 0)
        if overtaken and isinstance(event, e.Disconnected | e.Completed | e.Paused | e.Resumed | e.Queued):
            return
        if isinstance(event, e.Queued):
            self._enters(contact, event)
        elif isinstance(event, e.CriteriaChanged):
            self._criteria(contact, event, shift)
        else:
            self._carry_out(script, contact, event)

    def _comes(self, script: Script, event: e.ContactInitiated) -> None:
        if script.id in self._turn.state.contacts:
            return
        if script.before is not None and self._parts.get(script.before, 0):
            return
        self._emit(e.ContactInitiated(at=self.now, contact=msgspec.structs.replace(event.contact)))

    def _enters(self, contact: Contact, event: e.Queued) -> None:
        if contact.place in ("queue", "agent", "ended") or event.queue not in self._turn.config.queues:
            return
        self._emit(_at(event, self.now))
        activate(self._turn, contact)

    def _criteria(self, contact: Contact, event: e.CriteriaChanged, shift: int) -> None:
        """The steps of criteria that moved in time move by themselves."""
        if (
            contact.place not in ("agent", "ended")
            and not (event.steps and shift)
            and contact.criteria != event.criteria
        ):
            self._emit(_at(event, self.now))

    def _carry_out(self, script: Script, contact: Contact, event: Event) -> None:
        if isinstance(event, e.Disconnected | e.Paused | v.CallbackScheduled) and contact.place == "queue":
            self._withdraw(contact)
            if isinstance(event, e.Disconnected):
                self.outcomes.setdefault(contact.id, Outcome(left_at=self.now))
        who = e.agent_of(event)
        moved = _at(event, self.now, agent=self._stands_for(script, who)) if who is not None else _at(event, self.now)
        if _fits(self._turn.state, moved):
            self._emit(moved)

    def _withdraw(self, contact: Contact) -> None:
        agent = contact.offered_to
        if agent is not None:
            self._emit(e.OfferWithdrawn(at=self.now, contact=contact.id, agent=agent))
            settle_next_status(self._turn, self._turn.state.agents[agent])

    def _stands_for(self, script: Script, agent: str) -> str:
        return self._agents.get(script.id, {}).get(agent, agent)


def _at(event: Event, moment: int, **changes: Any) -> Event:
    return msgspec.structs.replace(event, at=moment, **changes)


def _fits(state: State, event: Event) -> bool:
    """Whether an event can happen in a state."""
    if isinstance(event, e.StatusSet):
        return True
    agent = state.agents.get(e.agent_of(event) or "")
    if isinstance(event, e.NextStatusSet | e.LoggedIn | e.LoggedOut):
        return agent is not None
    if isinstance(event, e.ContactInitiated):
        return event.contact.id not in state.contacts
    contact = state.contacts.get(e.contact_of(event) or "")
    if contact is None:
        return False
    if isinstance(event, e.Offered | v.OutboundPlaced):
        return agent is not None and contact.offered_to is None and contact.id not in agent.slots
    if isinstance(event, e.OfferMissed | e.OfferWithdrawn | e.Answered | e.Accepted):
        return agent is not None and contact.offered_to == agent.user and contact.id in agent.slots
    if isinstance(event, e.ConnectedToAgent | e.WrapUpStarted | e.SlotCleared | v.SlotFailed):
        return agent is not None and contact.id in agent.slots
    if isinstance(event, e.Disconnected | e.Queued | e.Paused):
        return contact.place != "ended"
    return True
