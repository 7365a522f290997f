"""The matching rule written down plainly: look at every agent and every contact. What the matcher must equal."""

from switchroom.core.routing.matcher import AgentFacts, Entry, Match, Profile, Waiting

Place = tuple[int, int, int, int, int, str]


class Reference:
    """Same public surface as `Matcher`, without any index."""

    def __init__(self, *, strict_priority_blocking: bool = False) -> None:
        self.strict = strict_priority_blocking
        self.profiles: dict[str, Profile] = {}
        self.agents: dict[str, AgentFacts] = {}
        self.contacts: dict[str, Waiting] = {}

    def set_profile(self, profile: Profile) -> None:
        self.profiles[profile.id] = profile

    def remove_profile(self, profile: str) -> None:
        self.profiles.pop(profile, None)

    def set_agent(self, facts: AgentFacts) -> None:
        self.agents[facts.agent] = facts

    def remove_agent(self, agent: str) -> None:
        self.agents.pop(agent, None)

    def put(self, waiting: Waiting) -> None:
        self.contacts[waiting.contact] = waiting

    def take(self, contact: str) -> None:
        self.contacts.pop(contact, None)

    def next_match(self, now: int) -> Match | None:
        for agent in sorted(self.agents.values(), key=lambda facts: (facts.since, facts.agent)):
            places = [place for waiting in self.contacts.values() if (place := self.place(agent, waiting, now))]
            if places:
                return Match(min(places)[-1], agent.agent)
        return None

    def eligible(self, agent: AgentFacts, waiting: Waiting, now: int) -> bool:
        return self.place(agent, waiting, now) is not None

    def place(self, agent: AgentFacts, waiting: Waiting, now: int) -> Place | None:
        """The sort key of section 2 for an eligible pair, None for another (section 1)."""
        profile = self.profiles.get(agent.profile)
        if profile is None or not agent.routable or not has_room(profile, agent, waiting.channel):
            return None
        if agent.agent in waiting.missed_by:
            return None
        order = (waiting.priority, waiting.rank, waiting.sequence, waiting.contact)
        if waiting.agent_queue_of is not None:
            return (0, 0, *order) if waiting.agent_queue_of == agent.agent else None
        entry = self.entry(profile, waiting)
        if entry is None or not waited(entry, waiting, now):
            return None
        if waiting.requirement is not None and not waiting.requirement.satisfied_by(agent.proficiencies):
            return None
        if self.strict and self.blocked(profile, entry, now):
            return None
        return (1, entry.priority, *order)

    def entry(self, profile: Profile, waiting: Waiting) -> Entry | None:
        serving = [
            entry
            for entry in profile.entries
            if (entry.queue, entry.channel) == (waiting.queue, waiting.channel) and waiting.agent_queue_of is None
        ]
        return min(serving, key=lambda entry: (entry.priority, entry.delay), default=None)

    def blocked(self, profile: Profile, entry: Entry, now: int) -> bool:
        for waiting in self.contacts.values():
            other = self.entry(profile, waiting)
            if other is None or profile.capacity.get(waiting.channel, 0) == 0:
                continue
            if other.priority < entry.priority and not waited(other, waiting, now):
                return True
        return False


def waited(entry: Entry, waiting: Waiting, now: int) -> bool:
    return entry.delay == 0 or now >= waiting.enqueued_at + entry.delay * 1000


def has_room(profile: Profile, agent: AgentFacts, channel: str) -> bool:
    """Capacity of the channel, and no occupied other channel that forbids company."""
    if agent.occupied.get(channel, 0) >= profile.capacity.get(channel, 0):
        return False
    return all(
        other == channel or not count or not profile.exclusive.get(other, True)
        for other, count in agent.occupied.items()
    )
