"""A scenario of this centre: its queues, routing profiles and agents as configured, its customers as they came."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import yaml

from switchroom.base.arns import Site
from switchroom.base.clock import DAY, HOUR, MINUTE
from switchroom.centre import configuration
from switchroom.core.config import Configuration, ProfileSettings, UserSettings
from switchroom.features.simulation.fitting import abandoned, exponential_fits, fit_length, fit_patience, seconds_of
from switchroom.features.simulation.staffing import KINDS, Presence, presences, shift_form
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import past as store
from switchroom.storage.past import Served
from switchroom.storage.postgres import Database

MOST = 100_000
"""Contacts that are drawn on, the newest."""
INTERVAL = 30 * MINUTE
USUAL_HANDLE = {"VOICE": 300.0, "CHAT": 600.0, "TASK": 900.0}
USUAL_WRAP = 30.0
USUAL_RATE = 10.0
"""What is assumed where there is no past: seconds, and customers an hour."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Past(msgspec.Struct, frozen=True):
    """The past to draw on, epoch ms; `weekday` (0 is Monday): the day to be drafted, the busiest if not given."""

    begin: int
    end: int
    weekday: int | None = None


class Draft(msgspec.Struct, frozen=True):
    """A scenario as YAML, and what was assumed."""

    text: str
    notes: list[str]


class Day(msgspec.Struct, frozen=True):
    """The day that is drafted: the dates it is the mean of, and the hours in which customers came."""

    dates: tuple[date, ...]
    first: int = 8
    last: int = 18

    @property
    def hours(self) -> int:
        """How long customers come."""
        return self.last - self.first


async def draft(
    database: Database, catalogue: Catalogue, site: Site, instance: str, queues: Sequence[str], past: Past
) -> Draft:
    """Queues by id; personal queues of agents are left out."""
    config = configuration.read(catalogue, instance, site)
    chosen = [one for one in queues if one in config.queues and config.queues[one].agent is None]
    rows = await store.served(database, instance, past.begin, past.end, chosen, MOST)
    zone = _zone(config, chosen)
    drafting = _Drafting(config, chosen, rows, zone, past)
    await asyncio.to_thread(drafting.look)
    there = await _there(database, instance, drafting.day, zone, past) if drafting.day.dates else {}
    return await asyncio.to_thread(drafting.write, there)


async def _there(database: Database, instance: str, day: Day, zone: ZoneInfo, past: Past) -> dict[str, Presence]:
    """Who was there on the newest of the dates."""
    begin = _midnight(day.dates[-1], zone)
    first = await store.sequence_at(database, instance, begin)
    beyond = await store.sequence_at(database, instance, min(begin + DAY, past.end))
    before = await store.last_of_agents(database, instance, first, KINDS)
    during = [row async for row in store.events(database, instance, first, beyond, KINDS)]
    return presences(before, during, begin, begin + DAY)


class _Dumper(yaml.SafeDumper):
    """Times of day in quotes, as people see them in every example; nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _quoted(dumper: _Dumper, text: str) -> yaml.Node:
    style = '"' if ":" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


class _Drafting:
    """One draft in the making; no input or output."""

    def __init__(
        self, config: Configuration, queues: list[str], rows: list[Served], zone: ZoneInfo, past: Past
    ) -> None:
        self._config = config
        self._queues = queues
        self._rows = rows
        self._zone = zone
        self._past = past
        self._notes: list[str] = []
        self.day = Day(())

    def look(self) -> None:
        """Which day it is to be: the weekday asked for, or that on which most contacts come."""
        if not self._rows:
            self._notes.append("No contacts were queued in this span: arrivals, times and patience are assumptions.")
            return
        if len(self._rows) == MOST:
            self._notes.append(f"Only the newest {MOST:,} contacts of the span are drawn on.")
        moments = [self._local(row.enqueued_at) for row in self._rows]
        begin = min(moments).date() if len(self._rows) == MOST else self._local(self._past.begin).date()
        dates = _dates(begin, self._local(self._past.end - 1).date(), moments)
        counts = Counter(moment.date() for moment in moments)
        by_weekday = {day: [one for one in dates if one.weekday() == day] for day in range(7)}
        means = {day: sum(counts[one] for one in ones) / len(ones) for day, ones in by_weekday.items() if ones}
        busiest = max(means, key=lambda day: (means[day], -day))
        chosen = busiest if self._past.weekday is None else self._past.weekday
        hours = [moment.hour for moment in moments if moment.weekday() == chosen] or [8, 17]
        self.day = Day(tuple(by_weekday[chosen]), min(hours), max(hours) + 1)
        which = ", the day on which most come" if chosen == busiest else ""
        self._notes.append(
            f"Arrivals are the mean of {len(self.day.dates)} {WEEKDAYS[chosen]}(s){which};"
            f" times and patience are of all {len(self._rows):,} contacts."
        )

    def write(self, there: dict[str, Presence]) -> Draft:
        """The scenario."""
        queues = {self._config.queues[one].name: self._queue(one) for one in self._queues if self._channels(one)}
        profiles = {one.name: form for one in self._config.profiles.values() if (form := self._profile(one))}
        staff = self._staff(profiles, there)
        scenario = {
            "name": self._config.alias or "This centre",
            **({"time_zone": self._zone.key} if self._zone.key != "UTC" else {}),
            "start": f"{self.day.first:02}:00",
            "hours": self.day.hours,
            "interval": INTERVAL // MINUTE,
            "replications": 10,
            "service_level": 20,
            **({"strict_priority": True} if self._config.strict_priority_blocking else {}),
            "queues": queues,
            "profiles": profiles,
            "staff": staff,
        }
        text = yaml.dump(
            scenario, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True
        )
        return Draft(text, self._notes)

    # ------------------------------------------------------------------ queues

    def _queue(self, queue: str) -> dict[str, Any]:
        settings, rows = self._config.queues[queue], [row for row in self._rows if row.queue == queue]
        channel = self._channel(queue, rows)
        own = [row for row in rows if row.channel == channel]
        if len(own) < len(rows):
            self._notes.append(f"{settings.name}: only its contacts of {channel} are in the draft.")
        handle = fit_length(seconds_of(own, "connected_at", "left_at"), USUAL_HANDLE[channel])
        wrap = fit_length(seconds_of(own, "left_at", "cleared_at"), USUAL_WRAP)
        form: dict[str, Any] = {"channel": channel, "arrivals": {"per_hour": self._arrivals(own)}}
        form |= {"handle": handle, "wrap": wrap}
        form |= self._patience(settings.name, own)
        if settings.max_contacts is not None:
            form["limit"] = settings.max_contacts
        priority = Counter(row.priority for row in own).most_common(1)
        if priority and priority[0][0] != 5:
            form["priority"] = priority[0][0]
        needing = sum(row.needs for row in own)
        if needing:
            self._notes.append(f"{settings.name}: {needing:,} contacts had routing criteria; write them as needs.")
        return form

    def _arrivals(self, rows: list[Served]) -> float | list[float]:
        """Customers an hour by interval, the mean over the dates."""
        if not self._rows:
            return USUAL_RATE
        dates, parts = set(self.day.dates), self.day.hours * HOUR // INTERVAL
        counts = [0] * parts
        for row in rows:
            moment = self._local(row.enqueued_at)
            if moment.date() in dates:
                at = (moment.hour - self.day.first) * 60 + moment.minute
                counts[at * MINUTE // INTERVAL] += 1
        return [round(count / max(1, len(dates)) * HOUR / INTERVAL, 2) for count in counts]

    def _patience(self, name: str, rows: list[Served]) -> dict[str, Any]:
        if not self._rows:
            return {"patience": {"exponential": 180}}
        found = fit_patience(rows)
        if found is None:
            self._notes.append(f"{name}: nobody gave up, so customers wait without end.")
            return {}
        if found.gave_up < 20:
            self._notes.append(f"{name}: only {found.gave_up} gave up, so their patience is a rough guess.")
        elif not exponential_fits(rows, found):
            self._notes.append(f"{name}: patience is not exponential; the mean is right, early abandons may differ.")
        return {"patience": {"exponential": round(found.mean, 1)}}

    def _channels(self, queue: str) -> set[str]:
        entries = (entry for one in self._config.profiles.values() for entry in one.routing.entries)
        configured = {entry.channel for entry in entries if entry.queue == queue}
        return configured | {row.channel for row in self._rows if row.queue == queue}

    def _channel(self, queue: str, rows: list[Served]) -> str:
        if rows:
            return Counter(row.channel for row in rows).most_common(1)[0][0]
        return max(self._channels(queue))

    # ------------------------------------------------------------------ profiles and staff

    def _profile(self, profile: ProfileSettings) -> dict[str, Any]:
        """Nothing for a profile that serves none of the queues."""
        places: dict[str, Any] = {}
        for entry in profile.routing.entries:
            if entry.queue not in self._queues or entry.channel != self._channel_of.get(entry.queue):
                continue
            place = {"priority": entry.priority, "delay": entry.delay}
            places[self._config.queues[entry.queue].name] = place if entry.delay else entry.priority
        if not places:
            return {}
        routing = profile.routing
        form: dict[str, Any] = {"queues": places, "concurrency": dict(routing.capacity)}
        cross = [channel for channel in routing.capacity if not routing.exclusive.get(channel, True)]
        return form | ({"cross": cross} if cross else {})

    @property
    def _channel_of(self) -> dict[str, str]:
        return {
            one: self._channel(one, [row for row in self._rows if row.queue == one])
            for one in self._queues
            if self._channels(one)
        }

    def _staff(self, profiles: dict[str, Any], there: dict[str, Presence]) -> list[dict[str, Any]]:
        """Agents who are alike together; who was not there is left out, unless nobody is known to have been."""
        names = {one.id: one.name for one in self._config.profiles.values()}
        users = [one for one in self._config.users.values() if names.get(one.profile) in profiles]
        known = [user for user in users if user.id in there]
        if known:
            self._notes.append(f"Agents, shifts and breaks are those of {self.day.dates[-1]:%A, %-d %B %Y}.")
        elif users:
            self._notes.append("Nobody is known to have been there: every user with a routing profile works all day.")
        groups: Counter[bytes] = Counter()
        for user in known or users:
            groups[msgspec.json.encode(self._agent(names[user.profile], user, there.get(user.id)))] += 1
        miss = self._missed()
        answer = {"answer": {"uniform": [1, 4]}, **({"miss": miss} if miss else {})}
        return [
            {**msgspec.json.decode(group), "count": count, **answer}
            for group, count in sorted(groups.items(), key=lambda item: (item[0][:40], -item[1]))
        ]

    def _agent(self, profile: str, user: UserSettings, presence: Presence | None) -> dict[str, Any]:
        skills = {f"{name}:{value}": level for (name, value), level in sorted(user.proficiencies.items())}
        shift = shift_form(presence, DAY) if presence is not None else {}
        return {"profile": profile, **shift, **({"skills": skills} if skills else {})}

    def _missed(self) -> float:
        """The share of offers that were not answered."""
        offers = sum(row.attempts for row in self._rows)
        answered = sum(row.accepted_at is not None and row.attempts > 0 for row in self._rows)
        left = sum(abandoned(row) and row.attempts > 0 for row in self._rows)
        return round(max(0, offers - answered - left) / offers, 3) if offers else 0.0

    def _local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment / 1_000, self._zone)


def _dates(begin: date, end: date, moments: list[datetime]) -> list[date]:
    """The days of the span; those at its ends only if there were contacts on them."""
    busy = {moment.date() for moment in moments}
    every = [begin + timedelta(days=at) for at in range((end - begin).days + 1)]
    return [one for one in every if begin < one < end or one in busy]


def _zone(config: Configuration, queues: list[str]) -> ZoneInfo:
    """The time zone of most queues' hours."""
    zones = Counter(
        hours.time_zone for one in queues if (hours := config.hours.get(config.queues[one].hours or "")) is not None
    )
    return ZoneInfo(zones.most_common(1)[0][0] if zones else "UTC")


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1_000)
