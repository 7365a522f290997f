"""Whatever happens in whatever order: what must always be true of contacts, agents and queues.

The real decisions run over random histories. Every event is encoded, decoded and folded into a second state, in
which each offer is compared with the plain statement of the matching rule before it is applied.
"""

from collections import Counter
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from msgspec.structs import replace

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core.config import Configuration, ProfileSettings, QueueSettings, UserSettings
from switchroom.core.contact import Contact
from switchroom.core.evolve import Fold
from switchroom.core.routing.matcher import AgentFacts, Entry, Match, Profile, Waiting
from switchroom.core.state import State
from switchroom.flows.language import CompiledFlow
from tests.core.routing.reference import Reference
from tests.core.stage import Stage, action, configuration, flow, to_queue_flow

AGENTS = ("a1", "a2", "a3")
STATUSES = ("available", "available", "available", "lunch", "offline")
FLOWS = ("to-queue", "to-q2", "to-queue", "to-q2", "nowhere")
CONNECTS = ("to-q2", "to-a2")
ACTIONS = ("leave", "stop", "pause", "resume", "transfer", "mine")
CRITERIA = {
    "Steps": [
        {
            "Expression": {"AttributeCondition": {"Name": "Language", "Value": "French", "ProficiencyLevel": level}},
            "Expiry": {"DurationInSeconds": 15},
        }
        for level in (5, 2)
    ]
}
_CHANNELS = [(queue, channel) for queue in ("Q1", "Q2") for channel in ("CHAT", "TASK")]


def _profile(name: str, random: Random) -> ProfileSettings:
    entries = tuple(
        Entry(queue, channel, random.randint(1, 2), random.choice([0, 0, 10]))
        for queue, channel in random.sample(_CHANNELS, random.randint(1, 4))
    )
    capacity = random.choice([{"CHAT": 2, "TASK": 2}, {"CHAT": 1, "TASK": 1}, {"CHAT": 3}])
    exclusive = random.choice([{}, {"CHAT": False, "TASK": False}, {"TASK": False}])
    profile = ProfileSettings(name, f"arn/{name}", name, Profile(name, capacity, exclusive, entries))
    return profile if random.random() < 0.5 else replace(profile, timer="TIME_SINCE_LAST_INBOUND")


def _configuration(random: Random) -> Configuration:
    base = configuration()
    users = {
        agent: UserSettings(
            id=agent,
            arn=f"arn/agent/{agent}",
            username=agent,
            profile=random.choice(["P1", "P2"]),
            queue=f"own-{agent}",
            acw_limit=random.choice([0, 30]),
            proficiencies=random.choice([{}, {("Language", "French"): 3.0}, {("Language", "French"): 5.0}]),
        )
        for agent in AGENTS
    }
    limit = random.choice([None, None, 3])
    queues = {
        name: QueueSettings(name, f"arn/queue/{name}", name, enabled=random.random() < 0.9, max_contacts=limit)
        for name in ("Q1", "Q2")
    }
    queues |= {f"own-{a}": QueueSettings(f"own-{a}", f"arn/queue/own-{a}", f"Q of {a}", agent=a) for a in AGENTS}
    return replace(
        base,
        users=users,
        queues=queues,
        profiles={name: _profile(name, random) for name in ("P1", "P2")},
        attributes={"Language": frozenset({"French"})},
    )


def hopping_flow() -> CompiledFlow:
    """A customer queue flow that moves the contact to Q2 every 12 seconds, until there is no transfer left."""
    over = {"NextAction": "hop", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}
    wait = action("wait", "Wait", TimeLimitSeconds="12")
    wait["Transitions"] = {
        "Conditions": [over],
        "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
    }
    hop = action("hop", "DequeueContactAndTransferToQueue", "end", QueueId="Q2")
    hop["Transitions"]["Errors"].append({"NextAction": "wait", "ErrorType": "QueueAtCapacity"})
    return flow("queue-flow", [wait, hop, action("end", "EndFlowExecution")], "CUSTOMER_QUEUE")


class History(RuleBasedStateMachine):
    """A contact centre to which things happen."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.shadow = Fold(State())
        self.read = 0
        self.customers: dict[str, str] = {}

    @initialize(seed=st.integers(0, 10_000))
    def open(self, seed: int) -> None:
        random = Random(seed)
        flows = [to_queue_flow("to-q2", "Q2")]
        self.stage = Stage(_configuration(random), [*flows, hopping_flow()] if seed % 2 else flows)
        for agent in AGENTS:
            self.do(c.SetStatus(agent=agent, status="available"))
            self.pass_time(1)

    # what happens

    @rule(flow=st.sampled_from(FLOWS), linked=st.booleans())
    def chat_arrives(self, flow: str, linked: bool) -> None:
        answer = self.do(c.StartChat(flow=flow, customer_name="Jane", token="same" if linked else None))
        if answer is not None:
            self.customers[answer["contact"]] = answer["participant"]
            self.do(c.ConnectParticipant(session=answer["contact"], participant=answer["participant"]))

    @rule(flow=st.sampled_from(FLOWS), later=st.booleans(), nth=st.integers(0, 20), linked=st.booleans())
    def task_arrives(self, flow: str, later: bool, nth: int, linked: bool) -> None:
        at = self.stage.now + 20_000 if later else None
        previous = self._contact(nth) if linked else None
        self.do(c.StartTask(name="T", flow=flow, scheduled_at=at, previous=previous))

    @rule(connect=st.sampled_from(CONNECTS))
    def task_for_someone(self, connect: str) -> None:
        self.do(c.StartTask(name="T", quick_connect=connect))

    @rule(nth=st.integers(0, 20), yes=st.sampled_from([True, True, False]))
    def answer_offer(self, nth: int, yes: bool) -> None:
        offers = self._slots("INCOMING")
        if offers:
            agent, contact = offers[nth % len(offers)]
            kind: Any = c.AcceptContact if yes else c.RejectContact
            self.do(kind(agent=agent, contact=contact))

    @rule()
    def accept_all(self) -> None:
        for agent, contact in self._slots("INCOMING"):
            self.do(c.AcceptContact(agent=agent, contact=contact))

    @rule(nth=st.integers(0, 20), action=st.sampled_from(["end", "transfer", "customer", "pause", "resume", "stop"]))
    def during_contact(self, nth: int, action: str) -> None:
        held = self._slots("CONNECTED", "PAUSED")
        if not held:
            return
        agent, contact = held[nth % len(held)]
        if action == "end":
            self.do(c.EndContact(agent=agent, contact=contact))
        elif action == "transfer":
            self.do(c.TransferAgentContact(agent=agent, contact=contact, quick_connect=CONNECTS[nth % 2]))
        elif action == "pause":
            self.do(c.PauseContact(contact=contact, holder=agent))
        elif action == "resume":
            self.do(c.ResumeContact(contact=contact, holder=agent))
        elif action == "stop":
            self.do(c.StopContact(contact=contact))
        else:
            self._customer_leaves(contact)

    @rule(nth=st.integers(0, 20))
    def clear(self, nth: int) -> None:
        over = self._slots("ENDED", "MISSED", "REJECTED")
        if over:
            agent, contact = over[nth % len(over)]
            self.do(c.ClearContact(agent=agent, contact=contact))

    @rule(agent=st.sampled_from(AGENTS), status=st.sampled_from(STATUSES))
    def change_status(self, agent: str, status: str) -> None:
        self.do(c.SetStatus(agent=agent, status=status))

    @rule(agent=st.sampled_from(AGENTS), back=st.booleans())
    def log_out_or_in(self, agent: str, back: bool) -> None:
        self.do(c.LogIn(agent=agent) if back else c.LogOut(agent=agent))

    @rule(nth=st.integers(0, 20), action=st.sampled_from(ACTIONS))
    def to_any_contact(self, nth: int, action: str) -> None:
        contact = self._contact(nth)
        if contact is None:
            return
        if action == "leave":
            self._customer_leaves(contact)
        elif action == "stop":
            self.do(c.StopContact(contact=contact))
        elif action == "pause":
            self.do(c.PauseContact(contact=contact))
        elif action == "resume":
            self.do(c.ResumeContact(contact=contact))
        elif action == "transfer":
            self.do(c.TransferContact(contact=contact, flow="to-queue", queue=("Q1", "Q2")[nth % 2]))
        else:
            self.do(c.TransferContact(contact=contact, flow="to-queue", user=AGENTS[nth % 3]))

    @rule(nth=st.integers(0, 20), what=st.sampled_from(["priority", "age", "criteria"]))
    def change_place_in_line(self, nth: int, what: str) -> None:
        waiting = [x.id for x in self.stage.state.contacts.values() if x.place == "queue"]
        if waiting:
            values: dict[str, Any] = (
                {"priority": 1 + nth % 5} if what == "priority" else {"age_adjustment": nth * 7 - 60}
            )
            values = {"criteria": CRITERIA} if what == "criteria" else values
            self.do(c.SetRoutingData(contact=waiting[nth % len(waiting)], **values))

    @rule(seconds=st.sampled_from([1, 1, 5, 11, 21, 40]))
    def pass_time(self, seconds: int) -> None:
        self.stage.wait(seconds)
        self.check()

    @rule(seed=st.integers(0, 10_000), kind=st.sampled_from(["profile", "users", "all"]))
    def reconfigure(self, seed: int, kind: str) -> None:
        random = Random(seed)
        config = self.stage.config
        new = _configuration(random)
        if kind == "profile":
            new = replace(config, profiles={**config.profiles, "P1": _profile("P1", random)})
        elif kind == "users":
            new = replace(config, users=new.users)
        self.stage.config = new
        self.stage.decider.configure(new)
        self.pass_time(0)

    @rule()
    def restart(self) -> None:
        """The node dies: snapshot and tail give the state, another node goes on."""
        raw = msgspec.msgpack.encode(self.shadow.state)
        self.stage.decider = self.stage.fresh(msgspec.msgpack.decode(raw, type=State))
        self.shadow = Fold(msgspec.msgpack.decode(raw, type=State))
        self.pass_time(0)

    # what must be true

    def do(self, command: c.Command) -> Any:
        before = len(self.stage.events)
        try:
            answer = self.stage.do(command)
        except ServiceError:
            told = [event for event in self.stage.events[before:] if not isinstance(event, e.StatusSet)]
            assert not told, f"refused {command} after telling {told}"
            answer = None
        self.check()
        return answer

    def check(self) -> None:
        self._replay()
        state = self.stage.state
        live: Counter[str] = Counter()
        for agent in state.agents.values():
            for identifier, slot in agent.slots.items():
                live[identifier] += slot.live
                self._slot_fits(agent.user, identifier)
            assert agent.next_status is None or agent.slots, f"{agent} waits for nothing"
        queued: Counter[str] = Counter(
            x for members in self.stage.decider.fold.indexes.queues.values() for x in members
        )
        for contact in state.contacts.values():
            self._in_one_place(contact, live[contact.id], queued[contact.id])
        assert queued.keys() <= state.contacts.keys()
        self._nobody_waits_in_vain()

    def _in_one_place(self, contact: Contact, live: int, queued: int) -> None:
        """A contact is in exactly one place, and everything else agrees which one."""
        assert live == (contact.offered_to is not None or contact.place == "agent"), contact
        assert queued == (contact.place == "queue"), contact
        if contact.offered_to is not None:
            assert contact.place == "queue"
            assert self.stage.slot(contact.offered_to, contact.id) == "INCOMING"
        if contact.place == "queue":
            assert contact.stay is not None
            assert contact.stay.dequeued_at is None
            assert contact.paused_at is None
            assert contact.id in self.stage.decider.fold.indexes.queues[contact.stay.queue]
        if contact.place == "ended":
            assert contact.agent is not None
            assert self.stage.slot(contact.agent.user, contact.id) == "ENDED"

    def _slot_fits(self, user: str, identifier: str) -> None:
        slot = self.stage.state.agents[user].slots[identifier]
        contact = self.stage.state.contacts.get(identifier)
        if slot.state in ("MISSED", "REJECTED"):
            assert contact is None or user in contact.missed_by
            return
        assert contact is not None, slot
        if slot.state == "INCOMING":
            assert contact.offered_to == user
        else:
            assert contact.agent is not None
            assert contact.agent.user == user
            assert (slot.state == "PAUSED") == (contact.paused_at is not None)

    def _nobody_waits_in_vain(self) -> None:
        """Nobody who qualifies waits while a matching agent is free."""
        assert _plainly(self.stage.state, self.stage.config).next_match(self.stage.now) is None

    def _replay(self) -> None:
        """The journal gives the same state; each offer on the way is the one the rule demands."""
        for event in self.stage.events[self.read :]:
            again = msgspec.msgpack.decode(msgspec.msgpack.encode(event), type=e.AnyEvent)
            assert again == event
            if isinstance(again, e.Offered):
                rule = _plainly(self.shadow.state, self.stage.config)
                assert rule.next_match(again.at) == Match(again.contact, again.agent)
                self._has_room(again)
            self.shadow.apply(again)
        self.read = len(self.stage.events)
        live, again_state = self.stage.state, self.shadow.state
        for key, due in list(again_state.timers.items()):
            if due <= self.stage.now and key not in live.timers:
                del again_state.timers[key]
        assert msgspec.to_builtins(again_state) == msgspec.to_builtins(live)
        raw = msgspec.msgpack.encode(live)
        assert msgspec.msgpack.decode(raw, type=State) == live

    def _has_room(self, event: e.Offered) -> None:
        """An agent never exceeds capacity."""
        state, config = self.shadow.state, self.stage.config
        channel = state.contacts[event.contact].channel
        held = sum(x.channel == channel and x.state != "PAUSED" for x in state.agents[event.agent].slots.values())
        capacity = config.profiles[config.users[event.agent].profile].routing.capacity
        assert held < capacity[channel]

    # help

    def _customer_leaves(self, identifier: str) -> None:
        contact = self.stage.state.contacts.get(identifier)
        chat = self.stage.state.chat_of(contact) if contact else None
        if chat is not None and chat.customer is not None:
            self.do(c.LeaveChat(session=chat.id, participant=chat.customer))

    def _slots(self, *states: str) -> list[tuple[str, str]]:
        return [
            (agent.user, identifier)
            for agent in self.stage.state.agents.values()
            for identifier, slot in agent.slots.items()
            if slot.state in states
        ]

    def _contact(self, nth: int) -> str | None:
        contacts = list(self.stage.state.contacts)
        return contacts[nth % len(contacts)] if contacts else None

    def teardown(self) -> None:
        """When everything is ended and cleared nothing is left."""
        for contact in list(self.stage.state.contacts.values()):
            if contact.place != "ended" and contact.id in self.stage.state.contacts:
                self.do(c.StopContact(contact=contact.id))
        for agent, identifier in self._slots("ENDED", "MISSED", "REJECTED"):
            self.do(c.ClearContact(agent=agent, contact=identifier))
        state = self.stage.state
        assert (state.contacts, state.chats, state.runs, state.attributes, state.loops) == ({}, {}, {}, {}, {})
        assert not [key for key in state.timers if not key.startswith("forget")]


def _random_step(history: History, random: Random) -> None:
    """One thing that happens, drawn so that the centre is busy most of the time."""
    nth = random.randrange(20)
    steps: list[tuple[int, Any]] = [
        (10, lambda: history.chat_arrives(random.choice(FLOWS), random.random() < 0.1)),
        (10, lambda: history.task_arrives(random.choice(FLOWS), random.random() < 0.1, nth, random.random() < 0.2)),
        (3, lambda: history.task_for_someone(random.choice(CONNECTS))),
        (12, lambda: history.answer_offer(nth, random.random() < 0.8)),
        (6, history.accept_all),
        (9, lambda: history.during_contact(nth, "end")),
        (9, lambda: history.during_contact(nth, random.choice(["transfer", "customer", "pause", "resume", "stop"]))),
        (12, lambda: history.clear(nth)),
        (8, lambda: history.change_status(random.choice(AGENTS), random.choice(STATUSES))),
        (1, lambda: history.log_out_or_in(random.choice(AGENTS), random.random() < 0.5)),
        (8, lambda: history.to_any_contact(nth, random.choice(ACTIONS))),
        (5, lambda: history.change_place_in_line(nth, random.choice(["priority", "age", "criteria"]))),
        (12, lambda: history.pass_time(random.choice([1, 5, 11, 21, 40]))),
        (2, lambda: history.reconfigure(random.randrange(10_000), random.choice(["profile", "users", "all"]))),
        (1, history.restart),
    ]
    random.choices([step for _, step in steps], [weight for weight, _ in steps])[0]()


@pytest.mark.parametrize("seed", range(4))
def test_long_histories(seed: int) -> None:
    """The same over long busy histories, and at the end nothing is left."""
    history, random = History(), Random(seed)
    history.open(seed)
    for _ in range(400):
        _random_step(history, random)
    history.teardown()


def _plainly(state: State, config: Configuration) -> Reference:
    """The facts of routing, read from state and configuration without any index."""
    reference = Reference()
    for profile in config.profiles.values():
        reference.set_profile(profile.routing)
    for agent in state.agents.values():
        user = config.users[agent.user]
        timer = config.profiles[user.profile].timer
        held = Counter(str(slot.channel) for slot in agent.slots.values() if slot.state != "PAUSED")
        since = agent.idle_since if timer == "TIME_SINCE_LAST_ACTIVITY" else agent.idle_since_inbound
        free = agent.status_type == "ROUTABLE" and agent.next_status is None
        reference.set_agent(AgentFacts(agent.user, user.profile, free, since, dict(held), user.proficiencies))
    for contact in state.contacts.values():
        if contact.place == "queue" and contact.offered_to is None and contact.stay is not None:
            reference.put(_waiting(contact, contact.stay.queue, contact.stay.enqueued_at, config, state))
    return reference


def _waiting(contact: Contact, queue: str, entered: int, config: Configuration, state: State) -> Waiting:
    owner = config.queues[queue].agent
    missed = [user for user, agent in state.agents.items() if contact.id in agent.slots]
    step = next((x for x in contact.criteria[-1].steps if x.status == "ACTIVE"), None) if contact.criteria else None
    arrival = contact.arrival_at if contact.arrival_at is not None else contact.initiated_at
    return Waiting(
        contact.id,
        queue,
        contact.channel,
        entered,
        arrival - contact.age_adjustment * 1000,
        contact.priority,
        contact.sequence,
        agent_queue_of=owner,
        requirement=step.expression if step and not owner else None,
        missed_by=frozenset(missed),
    )


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=30, stateful_step_count=40, deadline=None, derandomize=True)
