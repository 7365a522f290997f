"""From documents to the typed configuration that the core decides by, kept up to date change by change."""

from typing import Any, cast

import msgspec

from switchroom.base.arns import Site
from switchroom.core.agent import StatusType
from switchroom.core.config import (
    Configuration,
    NumberSettings,
    ProfileSettings,
    QueueSettings,
    QuickConnectSettings,
    Quotas,
    StatusSettings,
    UserSettings,
    VoiceSettings,
)
from switchroom.core.hours import Hours, read_hours
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.resources import quotas
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds import hierarchy
from switchroom.resources.kinds.instance import ATTRIBUTES
from switchroom.resources.permissions import granted

RELEVANT = frozenset(
    {
        "instance",
        "queue",
        "routing-profile",
        "user",
        "agent-status",
        "hours-of-operation",
        "hours-override",
        "quick-connect",
        "predefined-attribute",
        "hierarchy-group",
        "phone-number",
        "storage-config",
        "security-profile",
    }
)
"""The kinds that a decision reads."""
VIDEO = "VideoContact.Access"
"""The permission of agents who may be seen (CHAT-09)."""


def read(catalogue: Catalogue, instance: str, site: Site) -> Configuration:
    """The configuration of an instance as the catalogue has it now."""
    document = catalogue.get(instance, "instance", instance)
    queues = {d.id: _queue(catalogue, d) for d in catalogue.all(instance, "queue")}
    agent_queues = {q.agent: q.id for q in queues.values() if q.agent}
    return Configuration(
        site=site,
        instance=instance,
        alias=document.name,
        queues=queues,
        profiles={d.id: _profile(d) for d in catalogue.all(instance, "routing-profile")},
        users={d.id: _user(catalogue, d, agent_queues.get(d.id)) for d in catalogue.all(instance, "user")},
        statuses={d.id: _status(d) for d in catalogue.all(instance, "agent-status")},
        hours={d.id: _hours(catalogue, d) for d in catalogue.all(instance, "hours-of-operation")},
        quick_connects={d.id: _quick_connect(d) for d in catalogue.all(instance, "quick-connect")},
        attributes={d.name: _values(d) for d in catalogue.all(instance, "predefined-attribute")},
        quotas=_quotas(catalogue, instance),
        voice=_voice(catalogue, document, site),
        numbers=_numbers(catalogue, instance),
        flow_logs=_flag(document, "CONTACTFLOW_LOGS"),
    )


def update(catalogue: Catalogue, before: Configuration, kinds: set[str]) -> Configuration:
    """The configuration after changes of some kinds; what did not change is kept."""
    instance = before.instance
    changes: dict[str, Any] = {}
    if kinds & {"queue", "user", "hierarchy-group", "phone-number", "security-profile"}:
        changes["queues"] = {d.id: _queue(catalogue, d) for d in catalogue.all(instance, "queue")}
        owners = {q.agent: q.id for q in changes["queues"].values() if q.agent}
        changes["users"] = {d.id: _user(catalogue, d, owners.get(d.id)) for d in catalogue.all(instance, "user")}
    if "routing-profile" in kinds:
        changes["profiles"] = {d.id: _profile(d) for d in catalogue.all(instance, "routing-profile")}
    if "agent-status" in kinds:
        changes["statuses"] = {d.id: _status(d) for d in catalogue.all(instance, "agent-status")}
    if kinds & {"hours-of-operation", "hours-override"}:
        changes["hours"] = {d.id: _hours(catalogue, d) for d in catalogue.all(instance, "hours-of-operation")}
    if "quick-connect" in kinds:
        changes["quick_connects"] = {d.id: _quick_connect(d) for d in catalogue.all(instance, "quick-connect")}
    if "predefined-attribute" in kinds:
        changes["attributes"] = {d.name: _values(d) for d in catalogue.all(instance, "predefined-attribute")}
    if "phone-number" in kinds:
        changes["numbers"] = _numbers(catalogue, instance)
    if kinds & {"instance", "storage-config"}:
        document = catalogue.find(instance, "instance", instance)
        if document is not None:
            changes["voice"] = _voice(catalogue, document, before.site)
            changes["alias"] = document.name
            changes["quotas"] = _quotas(catalogue, instance)
            changes["strict_priority_blocking"] = document.body.get("StrictPriorityBlocking", False)
            changes["flow_logs"] = _flag(document, "CONTACTFLOW_LOGS")
    return msgspec.structs.replace(before, **changes)


HOME_COUNTRIES = {
    "us": ("US", "CA", "MX", "PR", "GB"),
    "ca": ("US", "CA", "MX", "PR", "GB"),
    "af-south-1": ("ZA", "GB", "US"),
    "ap-northeast-2": ("KR", "GB", "US"),
    "ap-southeast-1": ("SG", "AU", "HK", "US", "GB"),
    "ap-southeast-2": ("AU", "NZ", "US"),
    "ap-northeast-1": ("JP", "VN", "US"),
    "eu": ("GB", "IT", "FR", "IE", "US"),
}
"""Countries that may be called by default, by region or the first part of its name (NUM-52)."""
BLOCKED_PREFIXES = ("+447", "+8170", "+8180", "+8190")


def _voice(catalogue: Catalogue, document: Document, site: Site) -> VoiceSettings:
    body = document.body
    default = HOME_COUNTRIES.get(site.region) or HOME_COUNTRIES.get(site.region.partition("-")[0]) or ("US",)
    storage = catalogue.by_name(document.instance, "storage-config", "CALL_RECORDINGS")
    prefix = ((storage.body.get("S3Config") or {}).get("BucketPrefix") or "") if storage is not None else ""
    streams = catalogue.by_name(document.instance, "storage-config", "MEDIA_STREAMS")
    return VoiceSettings(
        inbound=bool(body.get("InboundCallsEnabled", True)),
        outbound=bool(body.get("OutboundCallsEnabled", True)),
        early_media=_flag(document, "EARLY_MEDIA"),
        best_voices=_flag(document, "AUTO_RESOLVE_BEST_VOICES"),
        multi_party=_flag(document, "MULTI_PARTY_CONFERENCE"),
        enhanced_voice_monitoring=_flag(document, "ENHANCED_CONTACT_MONITORING"),
        enhanced_chat_monitoring=_flag(document, "ENHANCED_CHAT_MONITORING"),
        media_streaming=streams is not None,
        countries=frozenset(body.get("OutboundCountries", default)),
        blocked_prefixes=tuple(body.get("OutboundBlockedPrefixes", BLOCKED_PREFIXES)),
        recordings=(prefix.rstrip("/") or f"connect/{document.name}/CallRecordings") if storage is not None else "",
    )


def _numbers(catalogue: Catalogue, instance: str) -> dict[str, NumberSettings]:
    return {
        d.name: NumberSettings(
            d.name,
            d.body.get("ContactFlowId"),
            d.body.get("PhoneNumberType") or "DID",
            d.body.get("PhoneNumberCountryCode") or "",
        )
        for d in catalogue.all(instance, "phone-number")
        if (d.body.get("PhoneNumberStatus") or {}).get("Status") == "CLAIMED"
    }


def _queue(catalogue: Catalogue, document: Document) -> QueueSettings:
    body = document.body
    caller = body.get("OutboundCallerConfig") or {}
    number = catalogue.find(document.instance, "phone-number", caller.get("OutboundCallerIdNumberId") or "")
    agent = body.get("UserId") if body.get("QueueType") == "AGENT" else None
    return QueueSettings(
        id=document.id,
        arn=document.arn,
        name=document.name,
        enabled=body.get("Status", "ENABLED") == "ENABLED",
        hours=body.get("HoursOfOperationId"),
        max_contacts=body.get("MaxContacts"),
        agent=agent,
        outbound_caller_number=number.name if number is not None else None,
        outbound_caller_name=caller.get("OutboundCallerIdName"),
        outbound_flow=caller.get("OutboundFlowId"),
        quick_connects=tuple(body.get("QuickConnectIds") or ()),
    )


def _profile(document: Document) -> ProfileSettings:
    body = document.body
    media = body.get("MediaConcurrencies") or []
    exclusive = {
        m["Channel"]: (m.get("CrossChannelBehavior") or {}).get("BehaviorType") != "ROUTE_ANY_CHANNEL" for m in media
    }
    entries = tuple(
        Entry(e["QueueId"], e["Channel"], e.get("Priority", 1), e.get("Delay", 0))
        for e in body.get("QueueConfigs") or []
    )
    return ProfileSettings(
        id=document.id,
        arn=document.arn,
        name=document.name,
        routing=Profile(document.id, {m["Channel"]: m["Concurrency"] for m in media}, exclusive, entries),
        default_outbound_queue=body.get("DefaultOutboundQueueId"),
        timer=body.get("AgentAvailabilityTimer") or "TIME_SINCE_LAST_ACTIVITY",
    )


def _user(catalogue: Catalogue, document: Document, queue: str | None) -> UserSettings:
    body = document.body
    phone = body.get("PhoneConfig") or {}
    identity = body.get("IdentityInfo") or {}
    return UserSettings(
        id=document.id,
        arn=document.arn,
        username=document.name,
        first_name=identity.get("FirstName") or "",
        last_name=identity.get("LastName") or "",
        profile=body.get("RoutingProfileId") or "",
        acw_limit=phone.get("AfterContactWorkTimeLimit") or 0,
        auto_accept=bool(phone.get("AutoAccept")),
        desk_phone=phone.get("DeskPhoneNumber") if phone.get("PhoneType") == "DESK_PHONE" else None,
        proficiencies={
            (p["AttributeName"], p["AttributeValue"]): float(p["Level"]) for p in body.get("Proficiencies") or []
        },
        hierarchy=_hierarchy(catalogue, document.instance, body.get("HierarchyGroupId")),
        queue=queue,
        video=VIDEO in granted(catalogue, document),
    )


def _hierarchy(catalogue: Catalogue, instance: str, group: str | None) -> tuple[tuple[str, str], ...]:
    found = catalogue.find(instance, "hierarchy-group", group) if group else None
    return tuple((level.arn, level.name) for level in hierarchy.path(catalogue, found)) if found else ()


def _status(document: Document) -> StatusSettings:
    body = document.body
    return StatusSettings(
        id=document.id,
        arn=document.arn,
        name=document.name,
        type=cast(StatusType, body.get("Type", "CUSTOM")),
        enabled=body.get("State", "ENABLED") == "ENABLED",
        order=body.get("DisplayOrder"),
    )


def _hours(catalogue: Catalogue, document: Document) -> Hours:
    overrides = [
        d.body
        for d in catalogue.all(document.instance, "hours-override")
        if d.body["HoursOfOperationId"] == document.id
    ]
    return read_hours(document.body, overrides, identifier=document.id)


def _quick_connect(document: Document) -> QuickConnectSettings:
    config = document.body["QuickConnectConfig"]
    kind = config["QuickConnectType"]
    if kind == "USER":
        target, flow = config["UserConfig"]["UserId"], config["UserConfig"]["ContactFlowId"]
    elif kind == "QUEUE":
        target, flow = config["QueueConfig"]["QueueId"], config["QueueConfig"]["ContactFlowId"]
    else:
        target, flow = (config.get("PhoneConfig") or {}).get("PhoneNumber", ""), None
    return QuickConnectSettings(document.id, document.arn, document.name, kind, target, flow)


def _values(document: Document) -> frozenset[str]:
    return frozenset((document.body.get("Values") or {}).get("StringList") or ())


def _quotas(catalogue: Catalogue, instance: str) -> Quotas:
    return Quotas(
        calls=quotas.applied(catalogue, instance, "CONCURRENT_CALLS"),
        chats=quotas.applied(catalogue, instance, "CONCURRENT_CHATS"),
        tasks=quotas.applied(catalogue, instance, "CONCURRENT_TASKS"),
    )


def _flag(document: Document, attribute: str) -> bool:
    """A switch of the instance."""
    return str((document.body.get("Attributes") or {}).get(attribute, ATTRIBUTES[attribute])).lower() == "true"
