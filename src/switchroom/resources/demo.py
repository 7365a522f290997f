"""The demo instance: four people, a phone number, quick connects and a task template."""

from collections.abc import Awaitable, Callable
from typing import Any

from switchroom.resources import numbers
from switchroom.resources.document import Document
from switchroom.resources.kinds.instance import ATTRIBUTES
from switchroom.resources.people import create_user
from switchroom.resources.repository import SYSTEM, Write
from switchroom.resources.seed import BASIC_PROFILE, BASIC_QUEUE, NEW_INSTANCES, Administrator, Seeder

ALIAS = "demo"
NUMBER = "+15550100"
FLOW = "Demo inbound flow"
SECOND = "+15550101"
"""A line to call from the demo itself: the sample menu answers."""
_STORED = {"CHAT_TRANSCRIPTS": "ChatTranscripts", "CALL_RECORDINGS": "CallRecordings"} | {
    "SCHEDULED_REPORTS": "Reports",
    "ATTACHMENTS": "Attachments",
}
_PEOPLE = (
    ("supervisor", "Sam", "Visor", ("CallCenterManager", "Agent")),
    ("agent1", "Ana", "Silva", ("Agent",)),
    ("agent2", "Ben", "Okafor", ("Agent",)),
)


async def seed_demo(seeder: Seeder, hash_password: Callable[[str], Awaitable[str]], password: str) -> Document:
    """The demo instance, made if it is not there yet. All users get `password` when they are made."""
    catalogue = seeder.repository.catalogue
    known = next((document for document in catalogue.instances() if document.name == ALIAS), None)
    if known is not None and known.body["InstanceStatus"] == "ACTIVE":
        return known
    if known is None:
        body = {"IdentityManagementType": "CONNECT_MANAGED", "InboundCallsEnabled": True, "OutboundCallsEnabled": True}
        async with seeder.repository.write(NEW_INSTANCES, SYSTEM) as write:
            known = await seeder.begin(write, ALIAS, body)
    hashed = await hash_password(password)

    async def more(write: Write, instance: str) -> None:
        await _fill(write, instance, hashed)

    administrator = Administrator("admin", "Alex", "Admin", hashed, "admin@example.com")
    return await seeder.finish(known.id, administrator, more, demo=True)


async def _fill(write: Write, instance: str, hashed: str) -> None:
    owner = write.get(instance, "instance", instance)
    await write.update(
        owner, body={**owner.body, "Attributes": {name: str(on).lower() for name, on in ATTRIBUTES.items()}}
    )
    for resource, folder in _STORED.items():
        s3 = {"BucketName": "switchroom", "BucketPrefix": f"connect/{ALIAS}/{folder}"}
        body = {"ResourceType": resource, "StorageType": "S3", "S3Config": s3}
        await write.create("storage-config", instance, resource, body)
    people = await _people(write, instance, hashed)
    flow = _named(write, instance, "contact-flow", FLOW)
    number = await numbers.hold(write, instance, NUMBER, "US", "DID", "Demo", flow.id)
    sample = _named(write, instance, "contact-flow", "Sample inbound flow (first contact experience)")
    await numbers.hold(write, instance, SECOND, "US", "DID", "Sample menu", sample.id)
    await _quick_connects(write, instance, people, number)
    await _template(write, instance, flow)


async def _people(write: Write, instance: str, hashed: str) -> list[Document]:
    people = []
    routing = _named(write, instance, "routing-profile", BASIC_PROFILE)
    for login, first, last, profiles in _PEOPLE:
        body = {
            "IdentityInfo": {"FirstName": first, "LastName": last, "Email": f"{login}@example.com"},
            "SecurityProfileIds": [_named(write, instance, "security-profile", name).id for name in profiles],
            "RoutingProfileId": routing.id,
        }
        people.append(await create_user(write, instance, login, body, password_hash=hashed))
    return people


async def _quick_connects(write: Write, instance: str, people: list[Document], number: Document) -> None:
    queue = _named(write, instance, "queue", BASIC_QUEUE)
    to_agent = _named(write, instance, "contact-flow", "Default agent transfer")
    to_queue = _named(write, instance, "contact-flow", "Default queue transfer")
    connects = [
        await _quick_connect(
            write, instance, person.name, "USER", "UserConfig", {"UserId": person.id, "ContactFlowId": to_agent.id}
        )
        for person in people
    ]
    config = {"QueueId": queue.id, "ContactFlowId": to_queue.id}
    connects.append(await _quick_connect(write, instance, BASIC_QUEUE, "QUEUE", "QueueConfig", config))
    phone = {"PhoneNumber": SECOND}
    connects.append(await _quick_connect(write, instance, "Sample menu", "PHONE_NUMBER", "PhoneConfig", phone))
    caller = {"OutboundCallerIdName": "Switchroom demo", "OutboundCallerIdNumberId": number.id}
    body = {"QuickConnectIds": [connect.id for connect in connects], "OutboundCallerConfig": caller}
    await write.update(queue, body={**queue.body, **body})


async def _quick_connect(
    write: Write, instance: str, name: str, kind: str, member: str, config: dict[str, Any]
) -> Document:
    body = {"Description": f"Transfer to {name}", "QuickConnectConfig": {"QuickConnectType": kind, member: config}}
    return await write.create("quick-connect", instance, name, body)


async def _template(write: Write, instance: str, flow: Document) -> None:
    fields = [
        {"Id": {"Name": "Task name"}, "Type": "NAME"},
        {"Id": {"Name": "Description"}, "Type": "DESCRIPTION"},
        {"Id": {"Name": "Assign to"}, "Type": "QUICK_CONNECT"},
        {"Id": {"Name": "When"}, "Type": "SCHEDULED_TIME"},
        {"Id": {"Name": "Reason"}, "Type": "SINGLE_SELECT", "SingleSelectOptions": ["Question", "Complaint", "Other"]},
        {"Id": {"Name": "Customer page"}, "Type": "URL"},
    ]
    body = {
        "Description": "Call or write to a customer again",
        "Fields": fields,
        "Constraints": {"RequiredFields": [{"Id": {"Name": "Task name"}}]},
        "Defaults": {"DefaultFieldValues": [{"Id": {"Name": "Reason"}, "DefaultValue": "Question"}]},
        "ContactFlowId": flow.id,
        "Status": "ACTIVE",
    }
    await write.create("task-template", instance, "Follow-up", body)


def _named(write: Write, instance: str, kind: str, name: str) -> Document:
    found = write.by_name(instance, kind, name, {"QueueType": "STANDARD"})
    assert found is not None, f"the seed makes {kind} {name}"
    return found
