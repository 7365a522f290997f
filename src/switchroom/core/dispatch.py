"""Feeding the matcher with what changed, and turning its matches into offers."""

from switchroom.core.agent import Agent
from switchroom.core.config import Configuration, UserSettings
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.departing import abandon, depart
from switchroom.core.lifecycle.offering import offer
from switchroom.core.routing.matcher import AgentFacts, Matcher, Waiting
from switchroom.core.state import State
from switchroom.core.turn import Turn


class Dispatch:
    """The matcher beside the state it is derived from."""

    def __init__(self, state: State, config: Configuration) -> None:
        self._read(state, config)
        self._departed = [user for user, agent in state.agents.items() if user not in config.users and agent.slots]
        self._closed = {
            stay.queue for contact in state.contacts.values() if (stay := contact.stay)
        } - config.queues.keys()

    def _read(self, state: State, config: Configuration) -> None:
        self.matcher = Matcher(strict_priority_blocking=config.strict_priority_blocking)
        for profile in config.profiles.values():
            self.matcher.set_profile(profile.routing)
        for agent in state.agents.values():
            self._feed_agent(agent, config)
        for contact in state.contacts.values():
            self._feed_contact(contact, config)

    def configured(self, state: State, config: Configuration, before: Configuration) -> None:
        """Queues, users or profiles were edited: the next decision goes by the new settings (ROUT-18)."""
        self._departed += [user for user in before.users.keys() - config.users.keys() if user in state.agents]
        self._closed |= before.queues.keys() - config.queues.keys()
        if config.strict_priority_blocking != before.strict_priority_blocking:
            self._read(state, config)
            return
        for profile in config.profiles.values():
            self.matcher.set_profile(profile.routing)
        for gone in before.profiles.keys() - config.profiles.keys():
            self.matcher.remove_profile(gone)
        for agent in state.agents.values():
            user = config.users.get(agent.user)
            if user != before.users.get(agent.user) or (
                user is not None and _timer(config, user) != _timer(before, user)
            ):
                self._feed_agent(agent, config)

    def settle(self, turn: Turn) -> None:
        """Offer all that can be offered now, what deleted users and queues leave behind included."""
        departed, self._departed = self._departed, []
        for user in departed:
            depart(turn, turn.state.agents[user])
        if self._closed:
            closed, self._closed = self._closed, set()
            abandon(turn, closed)
        self._refresh(turn)
        while (match := self.matcher.next_match(turn.now)) is not None:
            offer(turn, turn.state.contacts[match.contact], match.agent)
            self._refresh(turn)

    def _refresh(self, turn: Turn) -> None:
        contacts, turn.dirty_contacts = turn.dirty_contacts, {}
        agents, turn.dirty_agents = turn.dirty_agents, {}
        for user in agents:
            agent = turn.state.agents.get(user)
            if agent is not None:
                self._feed_agent(agent, turn.config)
        for identifier in contacts:
            contact = turn.state.contacts.get(identifier)
            if contact is not None:
                self._feed_contact(contact, turn.config)
            else:
                self.matcher.take(identifier)

    def _feed_contact(self, contact: Contact, config: Configuration) -> None:
        stay = contact.stay
        if not contact.waiting or stay is None:
            self.matcher.take(contact.id)
            return
        queue = config.queues.get(stay.queue)
        owner = queue.agent if queue is not None else None
        criteria = contact.criteria[-1] if contact.criteria else None
        self.matcher.put(
            Waiting(
                contact=contact.id,
                queue=stay.queue,
                channel=contact.channel,
                enqueued_at=stay.enqueued_at,
                rank=contact.rank,
                priority=contact.priority,
                sequence=contact.sequence,
                agent_queue_of=owner,
                requirement=criteria.requirement if criteria is not None and owner is None else None,
                missed_by=frozenset(contact.missed_by),
            )
        )

    def _feed_agent(self, agent: Agent, config: Configuration) -> None:
        user = config.users.get(agent.user)
        if user is None:
            self.matcher.remove_agent(agent.user)
            return
        occupied: dict[str, int] = {}
        for slot in agent.slots.values():
            if slot.occupies:
                occupied[slot.channel] = occupied.get(slot.channel, 0) + 1
        inbound_only = _timer(config, user) == "TIME_SINCE_LAST_INBOUND"
        self.matcher.set_agent(
            AgentFacts(
                agent=agent.user,
                profile=user.profile,
                routable=agent.routable,
                since=agent.idle_since_inbound if inbound_only else agent.idle_since,
                occupied=occupied,
                proficiencies=user.proficiencies,
            )
        )


def _timer(config: Configuration, user: UserSettings) -> str | None:
    """Which availability timer orders this user (ROUT-05)."""
    profile = config.profiles.get(user.profile)
    return profile.timer if profile is not None else None
