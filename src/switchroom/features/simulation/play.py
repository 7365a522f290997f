"""One play of a scenario: customers and agents act on the real decisions, by a clock of their own."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from random import Random
from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.centre.decider import Decider
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core import voice_commands as v
from switchroom.core.command import Command
from switchroom.core.event import Event
from switchroom.core.state import State
from switchroom.features.simulation.cast import AVAILABLE, BREAK, MEDIA, OFFLINE, Agent, cast_of
from switchroom.features.simulation.distributions import Draw, distribution
from switchroom.features.simulation.measures import Measures
from switchroom.features.simulation.scenario import Scenario

START = 1_767_571_200_000
"""Monday, 5 January 2026, midnight UTC."""

BACK_AFTER_MS = 10_000
"""How long after a missed contact an agent is available again."""

OVERTIME_MS = 86_400_000
"""How long a play goes on behind the time in which customers come, for those who are still there."""


@dataclass(slots=True)
class Customer:
    """Somebody who comes, with everything that chance has decided of them. Times in ms; patience of None: endless."""

    queue: str
    at: int
    handle: int
    wrap: int
    patience: int | None
    contact: str = ""
    session: str = ""
    participant: str = ""
    leg: str = ""
    waiting_since: int | None = None
    answered_at: int | None = None
    agent: str = ""
    over: bool = False


class Play:
    """Plays one replication. The same seed gives the same customers to every variant of a scenario."""

    def __init__(self, scenario: Scenario, seed: int, record: Callable[[Event], None] | None = None) -> None:
        """`record` hears everything that a centre would write into its journal."""
        self._record = record
        self._scenario = scenario
        self._cast = cast_of(scenario)
        self.now = START
        end = START + int(scenario.seconds * 1_000)
        self.measures = Measures(
            START, end, scenario.interval * 60_000, int(scenario.service_level * 1_000), int(scenario.warm_up * 60_000)
        )
        self.assignments: list[tuple[str, str]] = []
        """(contact, agent) of the contacts that were answered, in order."""
        self.commands = 0
        self._ids = 0
        self._later: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._sequence = 0
        self._customers: dict[str, Customer] = {}
        self._open = 0
        self._random = Random(f"agents {seed}")
        self._agents = {agent.id: agent for agent in self._cast.agents}
        self._answers: dict[str, Draw] = {one.id: distribution(one.staff.answer) for one in self._cast.agents}
        self._ringing: dict[str, int] = {}
        self._decider = Decider(
            State(),
            self._cast.config,
            self._cast.flows,
            self._cast.directory,
            new_id=self._new_id,
            random=Random(f"centre {seed}"),
        )
        self._hear: dict[type[Event], Callable[[Any], None]] = {
            e.Queued: self._queued,
            e.Offered: self._offered,
            e.OfferMissed: self._missed,
            e.OfferWithdrawn: self._withdrawn,
            e.Accepted: self._accepted,
            e.ConnectedToAgent: self._connected,
            e.Disconnected: self._disconnected,
            e.WrapUpStarted: self._wraps_up,
            e.SlotCleared: self._cleared,
            e.StatusSet: self._status_set,
        }
        self._do(v.MediaJoined(media=MEDIA))
        self._arrange_staff()
        for customer in arrivals(scenario, seed):
            self._at(customer.at, self._comes, customer)

    def run(self, progress: Callable[[float], None] | None = None) -> Measures:
        """Play to the end. `progress` hears the share of the day that is over, now and then."""
        last, steps = self.measures.end, 0
        while (moment := self._next()) is not None and (self._open or self._later) and moment < last + OVERTIME_MS:
            if not self._later or moment < self._later[0][0]:
                self._fire(max(self.now, moment))
                continue
            _, _, act, arguments = heapq.heappop(self._later)
            self.now = max(self.now, moment)
            act(*arguments)
            steps += 1
            if progress is not None and steps % 2_000 == 0:
                progress(min(1.0, (self.now - START) / (last - START)))
        self.measures.close(max(self.now, last))
        return self.measures

    # ------------------------------------------------------------------ customers

    def _comes(self, customer: Customer) -> None:
        queue = self._scenario.queues[customer.queue]
        entrance = self._cast.entrances[customer.queue]
        self._open += 1
        if queue.channel == "VOICE":
            customer.leg = self._new_id()
            arrived = v.CallArrived(media=MEDIA, leg=customer.leg, number=entrance, caller="+12065550100")
            self._begin(customer, arrived)
        elif queue.channel == "TASK":
            self._begin(customer, c.StartTask(name="Task", flow=entrance))
        else:
            answer = self._begin(customer, c.StartChat(flow=entrance, customer_name="Customer"))
            customer.session, customer.participant = answer["contact"], answer["participant"]
            self._do(c.ConnectParticipant(session=customer.session, participant=customer.participant))
        self._scan(customer)

    def _begin(self, customer: Customer, command: Command) -> dict[str, Any]:
        """The contact of a customer; what the same turn already did to it is heard when its id is known."""
        self._held: list[Event] = []
        answer: dict[str, Any] = self._decide(command, self._held.append)
        customer.contact = answer["contact"]
        self._customers[customer.contact] = customer
        held, self._held = self._held, []
        for event in held:
            self._notice(event)
        return answer

    def _scan(self, customer: Customer) -> None:
        if customer.patience is not None and not customer.over and customer.answered_at is None:
            self._at(customer.at + customer.patience, self._gives_up, customer)

    def _gives_up(self, customer: Customer) -> None:
        if not customer.over and customer.answered_at is None:
            self._leave(customer)

    def _leave(self, customer: Customer) -> None:
        contact = self._decider.state.contacts.get(customer.contact)
        if contact is None:
            return
        if customer.leg:
            self._try(v.LegGone(call=contact.call or "", leg=customer.leg, cause="hangup"))
        elif customer.session:
            self._try(c.LeaveChat(session=customer.session, participant=customer.participant))
        else:
            self._try(c.StopContact(contact=customer.contact))

    # ------------------------------------------------------------------ agents

    def _arrange_staff(self) -> None:
        """Shifts come every day; breaks are those within them."""
        for agent in self._cast.agents:
            staff = agent.staff
            shifts: list[tuple[float, float]] = self._scenario.spans(staff.shift) if staff.shift else [(0.0, inf)]
            pauses = sorted(span for text in staff.breaks for span in self._scenario.spans(text))
            for begin, end in shifts:
                self._status_at(begin, agent, AVAILABLE)
                for first, last in ((max(first, begin), min(last, end)) for first, last in pauses):
                    if first < last:
                        self._status_at(first, agent, BREAK)
                        self._status_at(last, agent, AVAILABLE)
                self._status_at(end, agent, OFFLINE)

    def _status_at(self, second: float, agent: Agent, status: str) -> None:
        if second < inf:
            self._at(START + int(second * 1_000), self._set_status, agent, status)

    def _set_status(self, agent: Agent, status: str) -> None:
        if self._decider.state.agents.get(agent.id) is None:
            self._do(c.LogIn(agent=agent.id))
        self._try(c.SetStatus(agent=agent.id, status=status))

    def _offered(self, event: e.Offered) -> None:
        self._ringing[event.agent] = self._ringing.get(event.agent, 0) + 1
        self._look(event.agent)
        staff = self._agents[event.agent].staff
        if staff.miss and self._random.random() < staff.miss:
            return
        delay = int(self._answers[event.agent](self._random) * 1_000)
        self._at(self.now + delay, self._answers_offer, event.agent, event.contact)

    def _answers_offer(self, agent: str, contact: str) -> None:
        found = self._decider.state.contacts.get(contact)
        if found is None or found.offered_to != agent:
            return
        self._try(c.AcceptContact(agent=agent, contact=contact))
        call = self._decider.state.call_of(found)
        leg = next((one for one in call.legs.values() if one.user == agent), None) if call is not None else None
        if call is not None and leg is not None:
            self._try(v.LegAnswered(call=call.id, leg=leg.id))

    def _missed(self, event: e.OfferMissed) -> None:
        self._rings_no_more(event.agent)
        self._at(self.now + BACK_AFTER_MS, self._set_status, self._agents[event.agent], AVAILABLE)

    def _withdrawn(self, event: e.OfferWithdrawn) -> None:
        self._rings_no_more(event.agent)

    def _rings_no_more(self, agent: str) -> None:
        self._ringing[agent] = max(0, self._ringing.get(agent, 0) - 1)
        self._look(agent)

    def _look(self, identifier: str) -> None:
        """What an agent does from now on."""
        agent = self._decider.state.agents.get(identifier)
        if agent is None:
            return
        if any(slot.state not in ("INCOMING", "MISSED") for slot in agent.slots.values()):
            doing = "contact"
        elif any(slot.state == "INCOMING" for slot in agent.slots.values()):
            doing = "ringing"
        else:
            doing = "idle" if agent.status == AVAILABLE else "away"
        self.measures.agent(identifier, self._agents[identifier].staff.profile, doing, self.now)

    # ------------------------------------------------------------------ what happens to contacts

    def _queued(self, event: e.Queued) -> None:
        customer = self._customers.get(event.contact)
        if customer is not None:
            customer.waiting_since = event.at
            self.measures.queued(customer.queue, event.at)

    def _accepted(self, event: e.Accepted) -> None:
        self._rings_no_more(event.agent)
        customer = self._customers.get(event.contact)
        if customer is not None and customer.waiting_since is not None:
            customer.answered_at, customer.agent = event.at, event.agent
            self.assignments.append((event.contact, event.agent))
            self.measures.answered(customer.queue, customer.waiting_since, event.at)

    def _connected(self, event: e.ConnectedToAgent) -> None:
        customer = self._customers.get(event.contact)
        if customer is not None:
            self._at(event.at + customer.handle, self._talked, customer, event.agent)

    def _talked(self, customer: Customer, agent: str) -> None:
        if customer.over:
            return
        if customer.leg:
            self._leave(customer)
        else:
            self._try(c.EndContact(agent=agent, contact=customer.contact))

    def _disconnected(self, event: e.Disconnected) -> None:
        customer = self._customers.get(event.contact)
        if customer is None or customer.over:
            return
        customer.over = True
        self._open -= 1
        since = customer.waiting_since
        if customer.answered_at is None and since is not None:
            self.measures.abandoned(customer.queue, since, event.at)
        if customer.answered_at is None:
            self._customers.pop(event.contact, None)

    def _wraps_up(self, event: e.WrapUpStarted) -> None:
        customer = self._customers.get(event.contact)
        wrap = customer.wrap if customer is not None else 0
        self._at(event.at + wrap, self._clears, event.agent, event.contact)

    def _clears(self, agent: str, contact: str) -> None:
        self._try(c.ClearContact(agent=agent, contact=contact))

    def _cleared(self, event: e.SlotCleared) -> None:
        self._look(event.agent)
        customer = self._customers.get(event.contact)
        if customer is None or customer.agent != event.agent:
            return
        del self._customers[event.contact]
        if customer.answered_at is not None and customer.waiting_since is not None:
            self.measures.handled(customer.queue, customer.waiting_since, event.at - customer.answered_at)

    def _status_set(self, event: e.StatusSet) -> None:
        self._look(event.agent)

    # ------------------------------------------------------------------ the machinery

    def _next(self) -> int | None:
        """The next moment at which somebody acts, or the centre itself."""
        due = self._decider.wake_at()
        if not self._later:
            return due
        return self._later[0][0] if due is None else min(due, self._later[0][0])

    def _at(self, moment: int, act: Callable[..., None], *arguments: Any) -> None:
        self._sequence += 1
        heapq.heappush(self._later, (max(moment, self.now), self._sequence, act, arguments))

    def _do(self, command: Command) -> Any:
        return self._decide(command, self._notice)

    def _try(self, command: Command) -> None:
        """Do what may have been overtaken: a customer who left meanwhile, an offer that is over."""
        try:
            self._decide(command, self._notice)
        except ServiceError:
            return

    def _decide(self, command: Command, hear: Callable[[Event], None]) -> Any:
        self.commands += 1
        turn = self._decider.turn(self.now)
        try:
            return self._decider.decide(turn, command)
        finally:
            self._tell(turn.events, hear)

    def _fire(self, moment: int) -> None:
        self.now = moment
        turn = self._decider.turn(moment)
        self._decider.fire_due(turn)
        self._tell(turn.events, self._notice)

    def _tell(self, events: list[Event], hear: Callable[[Event], None]) -> None:
        if self._record is not None:
            for event in events:
                self._record(event)
        for event in events:
            hear(event)

    def _notice(self, event: Event) -> None:
        hear = self._hear.get(type(event))
        if hear is not None:
            hear(event)

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self._ids:08}"


def arrivals(scenario: Scenario, seed: int) -> list[Customer]:
    """Who comes, by the chances of one replication; in the order of the queues, each by itself."""
    found: list[Customer] = []
    for name, load in scenario.queues.items():
        random = Random(f"{name} {seed}")
        handle, wrap = distribution(load.handle), distribution(load.wrap)
        patience = distribution(load.patience) if load.patience is not None else None
        found += [
            Customer(
                name,
                START + int(second * 1_000),
                int(handle(random) * 1_000),
                int(wrap(random) * 1_000),
                int(patience(random) * 1_000) if patience is not None else None,
            )
            for second in _moments(scenario, name, random)
        ]
    return found


def _moments(scenario: Scenario, queue: str, random: Random) -> list[float]:
    coming = scenario.queues[queue].arrivals
    if coming.at is not None:
        return [one for one in coming.at if one < scenario.seconds]
    moments = []
    for begin, end, rate in coming.rates(scenario.seconds):
        moment = begin
        while rate > 0 and (moment := moment + random.expovariate(rate)) < end:
            moments.append(moment)
    return moments
