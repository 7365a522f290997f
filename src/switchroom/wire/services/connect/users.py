"""Users (USER-01..06, USER-20, ROUT-67) and what they are good at (ROUT-46)."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds import hierarchy
from switchroom.resources.kinds.user import check_password
from switchroom.resources.people import create_user as write_user
from switchroom.resources.people import delete_user as write_deletion
from switchroom.resources.people import per_channel, with_phone
from switchroom.resources.repository import Write
from switchroom.resources.search import Field, Leaf, Predicate, matches
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    by_name,
    catalogue,
    change,
    instance_of,
    modified,
    page,
    repository,
    target,
)
from switchroom.wire.services.connect.family import Family, Update

_CHANNEL_CONFIGS = (
    "AutoAcceptConfigs",
    "AfterContactWorkConfigs",
    "PhoneNumberConfigs",
    "PersistentConnectionConfigs",
    "VoiceEnhancementConfigs",
)
_MEMBERS = (
    "IdentityInfo",
    "PhoneConfig",
    "DirectoryUserId",
    "SecurityProfileIds",
    "RoutingProfileId",
    "HierarchyGroupId",
    *_CHANNEL_CONFIGS,
)


def _identity(member: str) -> Field:
    return lambda document: tuple(filter(None, (document.body.get("IdentityInfo", {}).get(member),)))


_SEARCH: dict[str, Field] = {
    "username": lambda document: (document.name,),
    "firstname": _identity("FirstName"),
    "lastname": _identity("LastName"),
    "routingprofileid": lambda document: (document.body["RoutingProfileId"],),
    "securityprofileid": lambda document: document.body["SecurityProfileIds"],
    "resourceid": lambda document: (document.id,),
}


def _leaves(found: Catalogue, instance: str) -> Mapping[str, Leaf]:
    def in_group(condition: dict[str, Any]) -> Predicate:
        wanted = parse_id(condition.get("Value") or "")
        if condition.get("HierarchyGroupMatchType") == "WITH_CHILD_GROUPS":
            return lambda user: hierarchy.descends(found, instance, user.body.get("HierarchyGroupId"), wanted)
        return lambda user: user.body.get("HierarchyGroupId") == wanted

    return {"HierarchyGroupCondition": in_group, "ListCondition": _has_proficiency}


def _has_proficiency(condition: dict[str, Any]) -> Predicate:
    conditions = condition.get("Conditions") or []

    def holds(proficiency: dict[str, Any]) -> bool:
        for one in conditions:
            text, number = one.get("StringCondition"), one.get("NumberCondition")
            if text:
                member = {"name": "AttributeName", "value": "AttributeValue"}.get(str(text.get("FieldName")).casefold())
                if member is None:
                    raise invalid_parameter(f"{text.get('FieldName')} is not a field of proficiencies")
                if not matches(proficiency[member], text.get("Value") or "", text.get("ComparisonType") or "EXACT"):
                    return False
            if number and not _in_range(proficiency["Level"], number):
                return False
        return True

    return lambda user: any(holds(one) for one in user.body.get("Proficiencies") or [])


def _in_range(level: float, condition: dict[str, Any]) -> bool:
    low, high = condition.get("MinValue"), condition.get("MaxValue")
    at_least, at_most = 0 if low is None else low, 5 if high is None else high
    match condition.get("ComparisonType"):
        case "GREATER_OR_EQUAL":
            return bool(level >= at_least)
        case "GREATER":
            return bool(level > at_least)
        case "LESSER_OR_EQUAL":
            return bool(level <= at_most)
        case "LESSER":
            return bool(level < at_most)
        case "EQUAL":
            return level in (low, high)
        case "NOT_EQUAL":
            return level not in (low, high)
        case _:
            return bool(at_least <= level <= at_most)


def _whole_phone(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    return with_phone(body)


USERS = Family(
    kind="user",
    noun="User",
    plural="Users",
    permission="Users",
    identity="UserId",
    arn="UserArn",
    name="Username",
    shape_id="Id",
    shape_arn="Arn",
    members=_MEMBERS,
    summary=lambda document: {"Username": document.name},
    search_fields=_SEARCH,
    leaves=_leaves,
    implied=("TransferDestinations.View", "AccessMetrics.RealTimeMetrics.Access"),
    updates={
        "UpdateUserPhoneConfig": Update(("PhoneConfig",), prepare=_whole_phone),
        "UpdateUserRoutingProfile": Update(("RoutingProfileId",)),
        "UpdateUserSecurityProfiles": Update(
            ("SecurityProfileIds",), permission="Users.EditPermission", also="Users.Edit"
        ),
        "UpdateUserHierarchy": Update(("HierarchyGroupId",), clears=("HierarchyGroupId",)),
        "UpdateUserConfig": Update(_CHANNEL_CONFIGS, prepare=lambda write, instance, body, request: per_channel(body)),
    },
    without=frozenset({"CreateUser", "DeleteUser", "SearchUsers"}),
).register()


@operation("connect", "CreateUser", permission="Users.Create")
async def create_user(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A user with a password (only where the instance keeps its users itself) and a personal queue."""
    instance = instance_of(call, request)
    managed = catalogue(call).get(instance, "instance", instance).body["IdentityManagementType"]
    password = request.get("Password")
    if managed != "CONNECT_MANAGED" and password is not None:
        raise invalid_request("Users of this instance sign in elsewhere and have no password here")
    if managed == "SAML" and request.get("DirectoryUserId"):
        raise invalid_request("Users of this instance come from an identity provider and have no DirectoryUserId")
    if managed == "CONNECT_MANAGED":
        if password is None:
            raise invalid_parameter("Password is required")
        check_password(password)
    body = {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    sessions = call.services.sessions
    hashed = await sessions.passwords.hash(password) if password is not None and sessions is not None else None
    async with repository(call).write(instance, actor(call), call.now) as write:
        user = await write_user(write, instance, request["Username"], body, request.get("Tags"), hashed)
    return {"UserId": user.id, "UserArn": user.arn}


@operation("connect", "UpdateUserIdentityInfo", permission="Users.Edit")
async def update_user_identity_info(call: Call, request: dict[str, Any]) -> None:
    """Names and addresses. Who got mail about the password so far is told when another address does from now on."""
    known = target(call, request, "user", "UserId")
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        before = await repository(call).newest(write, known.instance, "user", known.id)
        after = await write.update(before, body={**before.body, "IdentityInfo": request["IdentityInfo"]})
    old, new = ((user.body.get("IdentityInfo") or {}).get("Email") for user in (before, after))
    if old and old != new and call.services.lost_passwords is not None:
        call.services.lost_passwords.tell(after, "moved", old)


@operation("connect", "DeleteUser", permission="Users.Delete")
async def delete_user(call: Call, request: dict[str, Any]) -> None:
    """The user goes with password, sessions and personal queue; quick connects to the user stay (USER-28).

    Refused while the user handles a contact: StartUserBatch can force it.
    """
    known = target(call, request, "user", "UserId")
    if call.caller.kind == "person" and call.caller.id == known.id:
        raise invalid_request("You cannot delete yourself")
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        await write_deletion(write, await repository(call).newest(write, known.instance, "user", known.id))


@operation("connect", "SearchUsers", permission="Users.View")
def search_users(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """As DescribeUser, but the limit of after contact work is in milliseconds here."""
    found = USERS.found(call, instance_of(call, request), request)
    answer = page(call, request, "Users", found, key=by_name)
    shapes = []
    for document in answer["Users"]:
        shape = USERS.shape(catalogue(call), document)
        phone = shape["PhoneConfig"]
        limit = (phone.get("AfterContactWorkTimeLimit") or 0) * 1000
        shapes.append({**shape, "PhoneConfig": {**phone, "AfterContactWorkTimeLimit": limit}})
    return {**answer, "Users": shapes, "ApproximateTotalCount": len(found)}


# proficiencies


def _pair(proficiency: dict[str, Any]) -> tuple[str, str]:
    return proficiency["AttributeName"], proficiency["AttributeValue"]


def _with(document: Document, proficiencies: list[dict[str, Any]]) -> dict[str, Any]:
    return {**document.body, "Proficiencies": proficiencies}


@operation("connect", "AssociateUserProficiencies", permission="Users.Edit")
async def associate_user_proficiencies(call: Call, request: dict[str, Any]) -> None:
    """Add proficiencies; one the user has already gets the new level."""

    def body(write: Write, document: Document) -> dict[str, Any]:
        held = {_pair(one): one for one in document.body.get("Proficiencies") or []}
        return _with(document, list({**held, **{_pair(one): one for one in request["UserProficiencies"]}}.values()))

    await change(call, request, "user", "UserId", body)


@operation("connect", "UpdateUserProficiencies", permission="Users.Edit")
async def update_user_proficiencies(call: Call, request: dict[str, Any]) -> None:
    """New levels of proficiencies the user has."""
    given = {_pair(one): one for one in request["UserProficiencies"]}

    def body(write: Write, document: Document) -> dict[str, Any]:
        held = document.body.get("Proficiencies") or []
        _require_held(held, set(given))
        return _with(document, [given.get(_pair(one), one) for one in held])

    await change(call, request, "user", "UserId", body)


@operation("connect", "DisassociateUserProficiencies", permission="Users.Edit")
async def disassociate_user_proficiencies(call: Call, request: dict[str, Any]) -> None:
    """Take proficiencies from a user."""
    gone = {_pair(one) for one in request["UserProficiencies"]}

    def body(write: Write, document: Document) -> dict[str, Any]:
        held = document.body.get("Proficiencies") or []
        _require_held(held, gone)
        return _with(document, [one for one in held if _pair(one) not in gone])

    await change(call, request, "user", "UserId", body)


def _require_held(held: list[dict[str, Any]], wanted: set[tuple[str, str]]) -> None:
    missing = wanted - {_pair(one) for one in held}
    if missing:
        name, value = min(missing)
        raise ServiceError("ResourceNotFoundException", f"The user has no proficiency {name} {value}")


@operation("connect", "ListUserProficiencies", permission="Users.View")
def list_user_proficiencies(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What a user is good at."""
    user = target(call, request, "user", "UserId")
    return {**page(call, request, "UserProficiencyList", user.body.get("Proficiencies") or []), **modified(user)}
