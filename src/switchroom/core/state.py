"""The whole run state of one instance's centre: what a snapshot holds, and what the journal's tail is folded into."""

import msgspec

from switchroom.core.agent import Agent, Slot
from switchroom.core.call import Call, MediaNode
from switchroom.core.chat import Chat
from switchroom.core.contact import Contact


class State(msgspec.Struct, omit_defaults=True):
    """Contacts, agents, chats and timers. Everything persistent is a plain field; see `core.indexes` for the rest."""

    contacts: dict[str, Contact] = {}
    attributes: dict[str, dict[str, str]] = {}
    """User-defined attributes by chain (`initial_id`)."""
    agents: dict[str, Agent] = {}
    chats: dict[str, Chat] = {}
    calls: dict[str, Call] = {}
    media: dict[str, MediaNode] = {}
    """Media processes that are alive."""
    runs: dict[str, bytes] = {}
    """Flow positions by run key `CONTACT/PURPOSE`, encoded by the flows floor."""
    loops: dict[str, dict[str, int]] = {}
    timers: dict[str, int] = {}
    """When a timer is due, by key; the key's first word says what it is for."""
    remembered: dict[str, tuple[int, bytes]] = {}
    entries: int = 0
    """Contacts that have ever entered a queue: their order decides between equal moments (ROUT-02)."""

    def contact(self, identifier: str) -> Contact | None:
        """An unfinished contact."""
        return self.contacts.get(identifier)

    def slot(self, agent: str, contact: str) -> Slot | None:
        """A contact's slot at an agent."""
        found = self.agents.get(agent)
        return found.slots.get(contact) if found else None

    def call_of(self, contact: Contact) -> Call | None:
        """The call a contact is a segment of."""
        return self.calls.get(contact.call) if contact.call is not None else None

    def chat_of(self, contact: Contact) -> Chat | None:
        """The chat session a contact is a segment of, or that a supervisor's contact monitors."""
        watched = self.contacts.get(contact.monitored) if contact.monitored is not None else None
        return self.chats.get((watched or contact).initial_id)
