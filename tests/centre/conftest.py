"""A small instance in a catalogue, and centres on a real database."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from switchroom.base.arns import Site
from switchroom.base.ids import new_id
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document

SITE = Site()


def document(instance: str, kind: str, identifier: str, name: str, body: dict[str, Any]) -> Document:
    return Document(
        instance=instance,
        kind=kind,
        id=identifier,
        arn=SITE.resource(instance, kind, identifier),
        name=name,
        body=body,
        tags={},
        version=1,
        revision=1,
        created_at=0,
        modified_at=0,
        modified_by="test",
        modified_region=SITE.region,
    )


@pytest.fixture
def instance() -> str:
    return new_id()


@pytest.fixture
def catalogue(instance: str) -> Catalogue:
    """One agent, one queue, a flow that waits for the customer and one that queues."""
    found = Catalogue()
    put: Callable[..., None] = lambda kind, identifier, name, **body: found.apply(  # noqa: E731
        document(instance, kind, identifier, name, body)
    )
    put("instance", instance, "demo", Attributes={})
    put("agent-status", "available", "Available", Type="ROUTABLE", State="ENABLED")
    put("agent-status", "offline", "Offline", Type="OFFLINE", State="ENABLED")
    put("queue", "Q", "Q", Status="ENABLED", QueueType="STANDARD")
    put("queue", "own", "agent", Status="ENABLED", QueueType="AGENT", UserId="a1")
    entries = [{"QueueId": "Q", "Channel": channel, "Priority": 1, "Delay": 0} for channel in ("CHAT", "TASK")]
    media = [{"Channel": channel, "Concurrency": 2} for channel in ("CHAT", "TASK")]
    put("routing-profile", "P", "P", MediaConcurrencies=media, QueueConfigs=entries)
    put("user", "a1", "agent", RoutingProfileId="P", PhoneConfig={}, IdentityInfo={"FirstName": "Ann"})
    put("contact-flow", "queue", "Queue", **flow("queue", [
        action("set", "UpdateContactTargetQueue", "put", QueueId="Q"),
        action("put", "TransferContactToQueue", "end"),
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]))  # fmt: skip
    return found


def action(identifier: str, kind: str, following: str, **parameters: Any) -> dict[str, Any]:
    errors = [{"NextAction": "end", "ErrorType": kind} for kind in ("NoMatchingError", "QueueAtCapacity")]
    transitions = {"NextAction": following, "Conditions": [], "Errors": errors}
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def flow(name: str, actions: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Metadata": {}, "Actions": actions}
    return {"Type": "CONTACT_FLOW", "State": "ACTIVE", "Content": json.dumps(content), "Version": 1, "Name": name}
