"""What one commit of a centre holds: the events, and the state they led to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.events import Event
from switchroom.core.indexes import Indexes
from switchroom.core.state import State

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events with their sequence numbers, and everything they touched, as it is after the last of them.

    `contacts` also holds those that were completed in this batch and are no longer in `state`; `attributes` are the
    user-defined attributes of their chains.
    """

    instance: str
    events: list[tuple[int, Event]]
    contacts: dict[str, Contact]
    attributes: dict[str, dict[str, str]]
    agents: list[str]
    state: State
    indexes: Indexes
    config: Configuration

    def attributes_of(self, contact: Contact) -> dict[str, str]:
        """User-defined attributes of a touched contact."""
        return self.attributes.get(contact.initial_id, {})


class Projection(Protocol):
    """A view that is written in the transaction that appends the events it is made from."""

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """Write what the batch changes. An error fails the whole commit."""
