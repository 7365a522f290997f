"""Making and removing users: the user, the password and the personal queue belong together."""

from typing import Any

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.resources.document import Document
from switchroom.resources.repository import Write
from switchroom.resources.resource import View
from switchroom.storage import contacts, documents

PHONE_CONFIG = {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0, "DeskPhoneNumber": ""}


async def create_user(
    write: Write,
    instance: str,
    username: str,
    body: dict[str, Any],
    tags: dict[str, str] | None = None,
    password_hash: str | None = None,
) -> Document:
    """A user with a personal queue of the same id (ROUT-15), and a password if there is a hash of one."""
    body = per_channel({"Proficiencies": [], **body, "PhoneConfig": {**PHONE_CONFIG, **body.get("PhoneConfig", {})}})
    user = await write.create("user", instance, username, body, tags)
    queue = {"QueueType": "AGENT", "Status": "ENABLED", "UserId": user.id, "QuickConnectIds": []}
    await write.create("queue", instance, username, queue, identifier=user.id)
    if password_hash is not None:
        await documents.put_password(write.connection, instance, user.id, password_hash, write.now)
    return user


async def delete_user(write: Write, user: Document, *, force: bool = False, quick_connects: bool = False) -> None:
    """Remove a user with personal queue, password and sessions; `quick_connects`: also those that lead there (USER-28).

    Raises InvalidRequestException while the user handles a contact, unless forced.
    """
    if not force and await contacts.handled_by(write.connection, user.instance, user.id):
        raise invalid_request(f"User {user.name} handles a contact now; end it, or delete the user by force")
    queue = write.find(user.instance, "queue", user.id)
    if quick_connects:
        for leading in quick_connects_to(write, user):
            await write.delete(leading)
    await write.delete(user)
    if queue:
        await write.delete(queue)
    await documents.forget_user(write.connection, user.instance, user.id)


def quick_connects_to(view: View, user: Document) -> list[Document]:
    """The quick connects that lead to a user."""
    return [
        one
        for one in view.all(user.instance, "quick-connect")
        if (one.body["QuickConnectConfig"].get("UserConfig") or {}).get("UserId") == user.id
    ]


def with_phone(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """New members of `PhoneConfig`, said channel by channel as well where VOICE is said so."""
    phone = {**PHONE_CONFIG, **body["PhoneConfig"], **changes}
    said = {
        "AutoAcceptConfigs": {"AutoAccept": phone["AutoAccept"]},
        "AfterContactWorkConfigs": {
            "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": phone["AfterContactWorkTimeLimit"]}
        },
        "PhoneNumberConfigs": {"PhoneType": phone["PhoneType"], "PhoneNumber": phone["DeskPhoneNumber"] or None},
    }
    for member, values in said.items():
        if member in body:
            body = {**body, member: [_said(one, values) if one["Channel"] == "VOICE" else one for one in body[member]]}
    return {**body, "PhoneConfig": phone}


def per_channel(body: dict[str, Any]) -> dict[str, Any]:
    """Let the settings of the VOICE channel, where given channel by channel, be those of `PhoneConfig`."""
    phone = dict(body["PhoneConfig"])
    for config in body.get("AutoAcceptConfigs") or []:
        if config["Channel"] == "VOICE":
            phone["AutoAccept"] = config["AutoAccept"]
    for config in body.get("AfterContactWorkConfigs") or []:
        if config["Channel"] == "VOICE":
            phone["AfterContactWorkTimeLimit"] = config["AfterContactWorkConfig"].get("AfterContactWorkTimeLimit") or 0
    for config in body.get("PhoneNumberConfigs") or []:
        if config["Channel"] == "VOICE":
            phone |= {"PhoneType": config["PhoneType"], "DeskPhoneNumber": config.get("PhoneNumber") or ""}
    return {**body, "PhoneConfig": phone}


def _said(config: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (config | values).items() if value is not None}


def require_attribute_unused(write: Write, attribute: Document) -> None:
    """Refuse while a user has a proficiency of a predefined attribute (ROUT-45)."""
    for user in write.all(attribute.instance, "user"):
        if any(one["AttributeName"] == attribute.name for one in user.body.get("Proficiencies") or []):
            raise ServiceError(
                "ResourceInUseException",
                f"Predefined attribute {attribute.name} is in use by user {user.name}",
                ResourceType="Predefined attribute",
                ResourceId=attribute.arn,
            )
