"""How a replay's configuration differs from the live one, as YAML:

profiles:
  Basic: {queues: {Sales: 1, Support: {priority: 2, delay: 30}, Billing: null}, concurrency: {VOICE: 1}, cross: [CHAT]}
agents:
  jdoe: {profile: Basic, skills: {"Language:English": 4}}

What is not named stays; null takes a queue out of a profile; skills are replaced whole.
"""

from typing import Any

import msgspec

from switchroom.core.config import Configuration, ProfileSettings, UserSettings
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.features.simulation.scenario import BadScenario, Channel, Place, Problem, convert, parsed

_CHANNELS = ("VOICE", "CHAT", "TASK")


class ProfileChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is different in a routing profile."""

    queues: dict[str, int | Place | None] = {}
    concurrency: dict[Channel, int] = {}
    cross: list[Channel] | None = None


class AgentChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is different in a user."""

    profile: str | None = None
    skills: dict[str, float] | None = None


class Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is different, by the names of routing profiles and the logins of users."""

    profiles: dict[str, ProfileChanges] = {}
    agents: dict[str, AgentChanges] = {}

    def __bool__(self) -> bool:
        return bool(self.profiles or self.agents)


def read_changes(text: str) -> Changes:
    """Raises BadScenario."""
    raw = parsed(text) if text.strip() else {}
    if raw is None:
        return Changes()
    if not isinstance(raw, dict):
        raise BadScenario("Changes are a mapping with profiles and agents")
    return convert(raw, Changes)


def varied(config: Configuration, changes: Changes) -> Configuration:
    """The configuration with the changes. Raises BadScenario for names that are not there."""
    problems: list[Problem] = []
    profiles, users = dict(config.profiles), dict(config.users)
    by_name = {one.name: one for one in config.profiles.values()}
    queues = {one.name: one.id for one in config.queues.values()}
    for name, change in changes.profiles.items():
        profile = by_name.get(name)
        if profile is None:
            problems.append(Problem(f"profiles.{name}", "there is no such routing profile"))
            continue
        unknown = [queue for queue in change.queues if queue not in queues]
        problems += [Problem(f"profiles.{name}.queues.{queue}", "there is no such queue") for queue in unknown]
        known = {queues[queue]: place for queue, place in change.queues.items() if queue in queues}
        profiles[profile.id] = _profile(profile, change, known)
    by_login = {one.username: one for one in config.users.values()}
    for login, agent in changes.agents.items():
        user = by_login.get(login)
        if user is None:
            problems.append(Problem(f"agents.{login}", "there is no such user"))
        elif agent.profile is not None and agent.profile not in by_name:
            problems.append(Problem(f"agents.{login}.profile", f"there is no routing profile {agent.profile}"))
        else:
            users[user.id] = _user(user, agent, by_name)
    if problems:
        raise BadScenario(*problems)
    return msgspec.structs.replace(config, profiles=profiles, users=users)


def _profile(
    profile: ProfileSettings, change: ProfileChanges, places: dict[str, int | Place | None]
) -> ProfileSettings:
    """A queue that is new to the profile is served on all channels the profile has."""
    before = profile.routing
    capacity: dict[str, int] = {
        **dict(before.capacity),
        **{str(name): most for name, most in change.concurrency.items()},
    }
    exclusive = dict(before.exclusive)
    if change.cross is not None:
        exclusive = {channel: channel not in change.cross for channel in _CHANNELS}
    entries = [entry for entry in before.entries if entry.queue not in places]
    for queue, given in places.items():
        if given is None:
            continue
        place = Place(given) if isinstance(given, int) else given
        channels = [entry.channel for entry in before.entries if entry.queue == queue] or list(capacity)
        entries += [Entry(queue, channel, place.priority, place.delay) for channel in channels]
    routing = Profile(before.id, capacity, exclusive, tuple(entries))
    return msgspec.structs.replace(profile, routing=routing)


def _user(user: UserSettings, change: AgentChanges, profiles: dict[str, ProfileSettings]) -> UserSettings:
    values: dict[str, Any] = {}
    if change.profile is not None:
        values["profile"] = profiles[change.profile].id
    if change.skills is not None:
        levels: dict[tuple[str, str], float] = {}
        for text, level in change.skills.items():
            name, _, value = text.partition(":")
            levels[name, value] = level
        values["proficiencies"] = levels
    return msgspec.structs.replace(user, **values)
