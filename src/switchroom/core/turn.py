"""One turn of the centre: commands in, events out, on a state that changes as events are emitted."""

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import msgspec

from switchroom.base.errors import ServiceError, not_found
from switchroom.core import events as e
from switchroom.core.agent import Agent, Slot
from switchroom.core.chat import Chat
from switchroom.core.commands import Command
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.evolve import Fold
from switchroom.core.indexes import Indexes
from switchroom.core.state import State


class StartFlow(msgspec.Struct, frozen=True):
    """Run a flow on a contact for a purpose; None for the default flow of that purpose."""

    contact: str
    purpose: str
    flow: str | None = None


class StopFlow(msgspec.Struct, frozen=True):
    """Drop the flow that runs on a contact for a purpose."""

    contact: str
    purpose: str


class NudgeFlow(msgspec.Struct, frozen=True):
    """Something happened that a flow may be waiting for: `customer_returned`, `bot_left`."""

    contact: str
    kind: str
    value: Any = None


Intent = StartFlow | StopFlow | NudgeFlow
"""What the core wants of the flows floor above it; carried out within the same turn."""


class Turn:
    """The hands of a decision: read `state` and `config`, change the state through `emit` alone.

    `now` is epoch milliseconds; `new_id` and `random` are given from outside, so a turn can be played again.
    """

    def __init__(self, fold: Fold, config: Configuration, now: int, new_id: Callable[[], str], random: Random) -> None:
        self._fold = fold
        self.config = config
        self.now = now
        self.new_id = new_id
        self.random = random
        self.events: list[e.Event] = []
        self.intents: deque[Intent] = deque()
        self.effects: list[Any] = []
        self.touched: dict[str, Contact] = {}
        self.chains: dict[str, dict[str, str]] = {}
        """Attributes of the chains that ended in this turn."""
        self.touched_agents: dict[str, None] = {}
        self.dirty_contacts: dict[str, None] = {}
        self.dirty_agents: dict[str, None] = {}

    @property
    def state(self) -> State:
        """The state as it is now, with everything this turn has emitted."""
        return self._fold.state

    @property
    def indexes(self) -> Indexes:
        """What is derived from the state."""
        return self._fold.indexes

    def emit(self, event: e.Event) -> None:
        """Let something have happened."""
        identifier = e.contact_of(event)
        if identifier is not None:
            contact = self.state.contacts.get(identifier)
            if contact is not None:
                self.touched[identifier] = contact
            self.dirty_contacts[identifier] = None
        agent = e.agent_of(event)
        if agent is not None:
            self.touched_agents[agent] = self.dirty_agents[agent] = None
        elif identifier is not None and identifier in self.touched:
            self._touch_agent_of(self.touched[identifier])
        if isinstance(event, e.Completed):
            chain = self.touched[event.contact].initial_id
            self.chains[chain] = self.state.attributes.get(chain, {})
        self._fold.apply(event)
        if isinstance(event, e.ContactInitiated):
            self.touched[event.contact.id] = self.state.contacts[event.contact.id]
        self.events.append(event)

    def _touch_agent_of(self, contact: Contact) -> None:
        """Whoever has the contact on the desktop sees it change."""
        user = contact.offered_to or (contact.agent.user if contact.agent else None)
        if user is not None and self.state.slot(user, contact.id) is not None:
            self.touched_agents[user] = self.dirty_agents[user] = None

    def contact(self, identifier: str) -> Contact:
        """An unfinished contact, or ResourceNotFoundException."""
        found = self.state.contacts.get(identifier)
        if found is None:
            raise not_found("Contact", identifier)
        return found

    def chat(self, session: str) -> Chat:
        """An open chat session, or ResourceNotFoundException."""
        found = self.state.chats.get(session)
        if found is None:
            raise not_found("Chat", session)
        return found

    def agent(self, user: str) -> Agent:
        """An agent's run state; who never chose a status is Offline since now."""
        found = self.state.agents.get(user)
        if found is None:
            self.config.user(user)
            offline = self.config.status_of_type("OFFLINE")
            self.emit(e.StatusSet(at=self.now, agent=user, status=offline.id, status_type="OFFLINE"))
            found = self.state.agents[user]
        return found

    def slot(self, user: str, contact: str) -> Slot:
        """A contact at an agent, or ResourceNotFoundException."""
        found = self.state.slot(user, contact)
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"Agent {user} does not have contact {contact}")
        return found

    def attributes(self, contact: Contact) -> dict[str, str]:
        """User-defined attributes of a contact's chain."""
        return self.state.attributes.get(contact.initial_id, {})


_Command = TypeVar("_Command", bound=Command)
Handler = Callable[[Turn, Any], Any]
HANDLERS: dict[type[Command], Handler] = {}
TIMERS: dict[str, Callable[[Turn, list[str]], None]] = {}


def handles(kind: type[_Command]) -> Callable[[Callable[[Turn, _Command], Any]], Callable[[Turn, _Command], Any]]:
    """Bind the function that decides a kind of command. It must refuse before it emits."""

    def register(function: Callable[[Turn, _Command], Any]) -> Callable[[Turn, _Command], Any]:
        HANDLERS[kind] = function
        return function

    return register


def fires(kind: str) -> Callable[[Callable[[Turn, list[str]], None]], Callable[[Turn, list[str]], None]]:
    """Bind the function that is called when a timer with this first word is due; it gets the other words."""

    def register(function: Callable[[Turn, list[str]], None]) -> Callable[[Turn, list[str]], None]:
        TIMERS[kind] = function
        return function

    return register


def once(turn: Turn, token: str | None, scope: str, decide: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Decide a request once: the same ClientToken gets the first answer again."""
    if token is None:
        return decide()
    key = f"{scope}/{token}"
    known = turn.state.remembered.get(key)
    if known is not None:
        answer: dict[str, Any] = msgspec.msgpack.decode(known[1])
        return answer
    answer = decide()
    turn.emit(e.RequestRemembered(at=turn.now, token=key, answer=msgspec.msgpack.encode(answer)))
    return answer


@fires("forget")
def _forget(turn: Turn, words: list[str]) -> None:
    turn.state.remembered.pop(" ".join(words), None)
