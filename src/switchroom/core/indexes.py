"""What is derived from a state and kept beside it, so that a decision looks nothing up by searching."""

import heapq

from switchroom.core.contact import Channel, Contact
from switchroom.core.state import State
from switchroom.core.tallies import Tallies


class Indexes:
    """Queue membership, counts by channel and chain, the timer heap, and the live tallies."""

    def __init__(self, state: State) -> None:
        self.queues: dict[str, dict[str, None]] = {}
        self.channels: dict[Channel, int] = {}
        self.chains: dict[str, int] = {}
        self._heap = [(due, key) for key, due in state.timers.items()]
        heapq.heapify(self._heap)
        self._state = state
        self.tallies = Tallies(state)
        for contact in state.contacts.values():
            self.added(contact)
            if contact.place == "queue" and contact.stay is not None and contact.paused_at is None:
                self.entered(contact.stay.queue, contact.id)

    def added(self, contact: Contact) -> None:
        """A contact came into the state."""
        self.channels[contact.channel] = self.channels.get(contact.channel, 0) + 1
        self.chains[contact.initial_id] = self.chains.get(contact.initial_id, 0) + 1

    def removed(self, contact: Contact) -> bool:
        """A contact left the state; true when it was the last of its chain."""
        self.channels[contact.channel] -= 1
        left = self.chains[contact.initial_id] - 1
        if left:
            self.chains[contact.initial_id] = left
            return False
        del self.chains[contact.initial_id]
        return True

    def entered(self, queue: str, contact: str) -> None:
        """A contact waits in a queue."""
        self.queues.setdefault(queue, {})[contact] = None

    def left(self, queue: str, contact: str) -> None:
        """A contact no longer waits in a queue."""
        members = self.queues.get(queue)
        if members is not None:
            members.pop(contact, None)
            if not members:
                del self.queues[queue]

    def queued(self, queue: str) -> int:
        """How many contacts wait in a queue."""
        members = self.queues.get(queue)
        return len(members) if members else 0

    def armed(self, key: str, due: int) -> None:
        """A timer was set."""
        heapq.heappush(self._heap, (due, key))

    def next_due(self) -> tuple[int, str] | None:
        """The timer that is due first; entries that were set anew or cancelled are dropped on the way."""
        timers = self._state.timers
        while self._heap:
            due, key = self._heap[0]
            if timers.get(key) == due:
                return due, key
            heapq.heappop(self._heap)
        return None
