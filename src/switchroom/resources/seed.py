"""What a new instance begins with (BASE-190, ROUT-32, FLOW-01, FLOW-16, USER-39)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.resources import audio, demo_bot, flows, permissions
from switchroom.resources.document import Document
from switchroom.resources.kinds import predefined_attribute
from switchroom.resources.people import create_user
from switchroom.resources.repository import SYSTEM, Repository, Write
from switchroom.resources.resource import declaration
from switchroom.storage import documents
from switchroom.storage.objects import ObjectStore

log = logging.getLogger(__name__)

NEW_INSTANCES = "new instances"
"""What a write that makes instances locks."""
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
CHANNELS = ("VOICE", "CHAT", "TASK")
BASIC_HOURS = "Basic Hours"
BASIC_QUEUE = "BasicQueue"
BASIC_PROFILE = "Basic Routing Profile"
SAMPLE_FUNCTION = "sampleLambdaFlowFunction"
_MIDNIGHT = {"Hours": 0, "Minutes": 0}


class LibraryFlow(Protocol):
    """A flow to seed: `type` is MODULE for a module, `group` default, sample, module or demo."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def content(self) -> str: ...


class Library(Protocol):
    """Where the flows come from (`switchroom.flows.library`)."""

    def index(self) -> Iterable[LibraryFlow]:
        """Everything there is, without content."""
        ...

    def load_library(self, resolve: Callable[[str, str], str], *, demo: bool) -> Iterable[LibraryFlow]:
        """The flows, with `resolve(kind, name)` giving the ARNs of what they refer to."""
        ...


class Administrator(msgspec.Struct, frozen=True):
    """The first user of an instance (USER-68). `password_hash` is None where users sign in elsewhere."""

    username: str
    first_name: str
    last_name: str
    password_hash: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Seeder:
    """Makes instances."""

    repository: Repository
    objects: ObjectStore
    library: Library

    async def begin(
        self, write: Write, alias: str, body: dict[str, Any], tags: dict[str, str] | None = None
    ) -> Document:
        """A new instance, still CREATION_IN_PROGRESS and empty. The alias must be free on the whole site.

        `write` must be one on `NEW_INSTANCES`, so that two of the same alias are made one after the other.
        """
        if alias and await documents.named(write.connection, "instance", alias):
            raise ServiceError("InvalidRequestException", f"The alias {alias} is already taken")
        identifier = new_id()
        whole = {**body, "InstanceStatus": "CREATION_IN_PROGRESS", "Attributes": {}, "Quotas": {}}
        whole["ReviewedPermissions"] = sorted(permissions.names())
        return await write.create("instance", identifier, alias or identifier, whole, tags, identifier)

    async def finish(
        self,
        instance: str,
        administrator: Administrator | None = None,
        more: Callable[[Write, str], Awaitable[None]] | None = None,
        demo: bool = False,
    ) -> Document:
        """Fill an instance and make it ACTIVE, all at once; nothing happens if that has been done.

        `more` adds what this instance shall have besides, in the same transaction; `demo`: also the demo's flows.
        """
        sounds = await self._sounds()
        async with self.repository.write(instance, SYSTEM) as write:
            document = await self.repository.newest(write, instance, "instance", instance)
            if document.body["InstanceStatus"] != "CREATION_IN_PROGRESS":
                return document
            await fill(write, instance, self.library, sounds, demo)
            if administrator:
                await create_administrator(write, instance, administrator)
            if more:
                await more(write, instance)
            document = write.get(instance, "instance", instance)
            return await write.update(document, body={**document.body, "InstanceStatus": "ACTIVE"})

    async def resume(self) -> None:
        """Finish what a node that died had begun."""
        for document in self.repository.catalogue.instances():
            if document.body["InstanceStatus"] == "CREATION_IN_PROGRESS":
                await self.finish(document.id)

    async def _sounds(self) -> dict[str, bytes]:
        """The shipped sounds, stored once for the whole site."""
        made = {}
        for name, make in audio.SHIPPED.items():
            key = object_key(name)
            if await self.objects.exists(key):
                made[name] = await self.objects.get(key)
            else:
                made[name] = await asyncio.to_thread(make)
                await self.objects.put(key, made[name], "audio/wav")
        return made


def object_key(name: str) -> str:
    """Where a shipped sound is stored."""
    return f"prompts/shipped/{name}"


async def fill(write: Write, instance: str, library: Library, sounds: dict[str, bytes], demo: bool) -> None:
    """Everything a new instance has."""
    queue = await _routing(write, instance)
    await _prompts(write, instance, sounds)
    await _flows(write, instance, library, demo)
    await _statuses(write, instance)
    await _security_profiles(write, instance)
    for name, values in predefined_attribute.SYSTEM.items():
        await write.create("predefined-attribute", instance, name, {"Values": {"StringList": values}})
    log.info("instance %s is ready with %s", instance, queue.name)


async def _routing(write: Write, instance: str) -> Document:
    always = [{"Day": day, "StartTime": _MIDNIGHT, "EndTime": _MIDNIGHT} for day in DAYS]
    body: dict[str, Any] = {"Description": "Open around the clock", "TimeZone": "UTC", "Config": always}
    hours = await write.create("hours-of-operation", instance, BASIC_HOURS, body)
    body = {
        "Description": "A simple, basic voice, chat and task queue",
        "HoursOfOperationId": hours.id,
        "Status": "ENABLED",
        "QueueType": "STANDARD",
        "QuickConnectIds": [],
    }
    queue = await write.create("queue", instance, BASIC_QUEUE, body)
    only = {"BehaviorType": "ROUTE_CURRENT_CHANNEL_ONLY"}
    body = {
        "Description": "A simple routing profile",
        "DefaultOutboundQueueId": queue.id,
        "MediaConcurrencies": [
            {"Channel": channel, "Concurrency": 2 if channel == "CHAT" else 1, "CrossChannelBehavior": only}
            for channel in CHANNELS
        ],
        "QueueConfigs": [{"QueueId": queue.id, "Channel": channel, "Priority": 1, "Delay": 0} for channel in CHANNELS],
        "ManualAssignmentQueueConfigs": [],
        "AgentAvailabilityTimer": "TIME_SINCE_LAST_ACTIVITY",
        "IsDefault": True,
    }
    await write.create("routing-profile", instance, BASIC_PROFILE, body)
    return queue


async def _prompts(write: Write, instance: str, sounds: dict[str, bytes]) -> None:
    for name, data in sounds.items():
        body = {
            "Description": f"{name} as it comes with the product",
            "ObjectKey": object_key(name),
            "Bytes": len(data),
            "Seconds": round(audio.seconds_of(data), 3),
            "Shipped": True,
        }
        await write.create("prompt", instance, name, body)


async def _flows(write: Write, instance: str, library: Library, demo: bool) -> None:
    site = write.site
    function = f"arn:aws:lambda:{site.region}:{site.account}:function:{SAMPLE_FUNCTION}"
    await write.create("lambda-function", instance, function, {})
    bot = await demo_bot.seed(write, instance) if demo else None
    wanted = [flow for flow in library.index() if demo or flow.group != "demo"]
    identifiers = {(_shelf(flow).kind, flow.name): new_id() for flow in wanted}

    def resolve(kind: str, name: str) -> str:
        if kind == "lambda-function":
            return function
        if kind == "bot-alias" and bot is not None:
            return bot.arn
        if (kind, name) in identifiers:
            return declaration(kind).make_arn(site, instance, identifiers[(kind, name)])
        found = write.by_name(instance, kind, name, {"QueueType": "STANDARD"})
        if found is None:
            raise LookupError(f"the flow library refers to {kind} {name}, which a new instance lacks")
        return found.arn

    for flow in library.load_library(resolve, demo=demo):
        shelf = _shelf(flow)
        body = {"Description": flow.description, "IsDefault": flow.group == "default"}
        if shelf is flows.FLOWS:
            body["Type"] = flow.type
        identifier = identifiers[(shelf.kind, flow.name)]
        await flows.create(write, shelf, instance, flow.name, body, flow.content, published=True, identifier=identifier)


def _shelf(flow: LibraryFlow) -> flows.Shelf:
    return flows.MODULES if flow.type == "MODULE" else flows.FLOWS


async def _statuses(write: Write, instance: str) -> None:
    for order, (name, kind) in enumerate((("Available", "ROUTABLE"), ("Offline", "OFFLINE")), 1):
        body = {"Type": kind, "State": "ENABLED", "DisplayOrder": order}
        await write.create("agent-status", instance, name, body)


async def _security_profiles(write: Write, instance: str) -> None:
    for name, description in permissions.DEFAULT_PROFILES.items():
        body = {"Description": description, "Permissions": permissions.defaults(name)}
        await write.create("security-profile", instance, name, body)


async def create_administrator(write: Write, instance: str, administrator: Administrator) -> Document:
    """The first user, with the Admin profile."""
    profile = write.by_name(instance, "security-profile", "Admin")
    routing = write.by_name(instance, "routing-profile", BASIC_PROFILE)
    assert profile is not None and routing is not None
    identity: dict[str, Any] = {"FirstName": administrator.first_name, "LastName": administrator.last_name}
    if administrator.email:
        identity["Email"] = administrator.email
    body = {"IdentityInfo": identity, "SecurityProfileIds": [profile.id], "RoutingProfileId": routing.id}
    return await create_user(write, instance, administrator.username, body, password_hash=administrator.password_hash)
