"""Connections to applications outside: what comes in by them, and how they are set up and removed."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from switchroom.base.clock import HOUR, from_iso
from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.features.rules.intake import AT_ONCE
from switchroom.features.rules.secrets import OVERLAP
from switchroom.features.rules.signatures import sign
from switchroom.storage.bus import Bus
from switchroom.wire.context import Services
from tests.wire.asgi import ask
from tests.wire.doors import Clock
from tests.wire.rules import House, opened, ticket


@pytest.fixture
async def house(site: Services, bus: Bus, clock: Clock) -> AsyncIterator[House]:
    async with opened(site, bus, clock) as house:
        yield house


# what comes in


async def test_a_webhook_that_proves_nothing_is_refused(house: House) -> None:
    """Wrong secrets, replays, other bodies, other places; the page shows the last refusal. Nothing is kept."""
    connection, secret = await house.connect()
    replies = [
        await house.webhook(connection, "another secret of 16", ticket("1")),
        await house.webhook(connection, secret, ticket("1"), at=house.clock.now() - HOUR),
        await ask(house.app, "POST", f"/events/{connection}", body=b"{}"),
        await ask(house.app, "POST", f"/events/{connection}", headers={"x-switchroom-secret": secret}, body=b"{}"),
    ]
    assert [(reply.status, reply.error) for reply in replies] == [(401, "UnauthorizedException")] * 4
    unknown = await house.webhook(new_id(), secret, ticket("1"))
    assert unknown.status == 404
    assert (await ask(house.app, "GET", f"/events/{connection}")).status == 404
    assert (await house.webhook(connection, secret, b"x" * 300_000)).status == 413
    shown = (await house.key.own("DescribeEventConnection", ConnectionId=connection))["Connection"]
    assert shown["Status"] == "PENDING" and "another secret" in shown["Refusal"] and shown["RefusedAt"]
    for body in (b"[]", b'{"a":', b'{"type":7}', b'{"a":' + b"[" * 10_000):
        reply = await house.webhook(connection, secret, body)
        assert (reply.status, reply.error) == (400, "InvalidRequestException")
    assert not await house.events(connection)


async def test_a_flood_is_stemmed(house: House) -> None:
    """Beyond the rate a connection is asked to come back later."""
    connection, secret = await house.connect()
    house.intake._buckets[connection] = (0.5, house.intake._buckets.get(connection, (0.0, 0.0))[1] + 1e12)
    reply = await house.webhook(connection, secret, ticket("1"))
    assert (reply.status, reply.error) == (429, "ThrottlingException")
    assert AT_ONCE >= 100


async def test_secrets_are_rotated(house: House) -> None:
    """The one before is good for an hour; one of the application's own may be given; none is kept in the clear."""
    connection, first = await house.connect()
    second = (await house.key.own("RotateEventSecret", ConnectionId=connection))["Secret"]
    assert (await house.webhook(connection, first, ticket("1"))).status == 202
    assert (await house.webhook(connection, second, ticket("2"))).status == 202
    house.clock.ahead += OVERLAP + 1000
    assert (await house.webhook(connection, first, ticket("3"))).status == 401
    own = "bmV2ZXIgZ29ubmEgZ2l2ZSB5b3UgdXA="
    assert (await house.key.own("RotateEventSecret", ConnectionId=connection, Secret=own))["Secret"] == own
    body, moment = msgspec.json.encode(ticket("4")), "2099-01-01T00:00:00Z"
    zendesk = {"x-zendesk-webhook-signature": sign(own, moment, body), "x-zendesk-webhook-signature-timestamp": moment}
    path = f"/events/{connection}"
    assert (await ask(house.app, "POST", path, headers=zendesk, body=body)).status == 401
    house.clock.ahead += from_iso(moment) - house.clock.now()
    assert (await ask(house.app, "POST", path, headers=zendesk, body=body)).status == 202
    row = await house.site.database.pool.fetchrow("SELECT * FROM event_connections")
    assert row is not None and own.encode() not in row["secret"] and len(row["secret"]) > 60


# connections


async def test_a_connection_from_made_to_removed(house: House) -> None:
    """ROUT-101, ROUT-104, ROUT-105: its association and use case, its states, its last event; removed, it is deaf."""
    connection, secret = await house.connect(Environment="SANDBOX")
    await house.rule(connection)
    (association,) = (await house.key("ListIntegrationAssociations", IntegrationType="EVENT"))[
        "IntegrationAssociationSummaryList"
    ]
    assert association["SourceType"] == "ZENDESK" and association["SourceApplicationUrl"] == "https://acme.zendesk.com"
    assert association["SourceApplicationName"] == "Zendesk - Test instance"
    cases = await house.key("ListUseCases", IntegrationAssociationId=connection)
    assert [one["UseCaseType"] for one in cases["UseCaseSummaryList"]] == ["RULES_EVALUATION"]
    assert await house.key.refusal("DeleteIntegrationAssociation", IntegrationAssociationId=connection)

    async def shown() -> dict[str, Any]:
        found: dict[str, Any] = (await house.key.own("ListEventConnections"))["Connections"][0]
        return found

    assert (await shown())["Status"] == "PENDING" and (await shown())["Environment"] == "SANDBOX"
    await house.key.own("SendTestEvent", ConnectionId=connection)
    await house.work()
    assert (await shown())["Status"] == "PENDING" and (await shown())["LastEventState"] == "DONE"
    await house.webhook(connection, secret, ticket("1"))
    await house.work()
    found = await shown()
    assert found["Status"] == "ACTIVE" and found["Rules"] == 1 and found["LastEventAt"] and found["HasSecret"]
    assert found["WebhookUrl"].endswith(f"/events/{connection}")
    assert found["EventSource"].startswith("aws.partner/zendesk.com/")
    assert len(house.tasks()) == 2
    await house.webhook(connection, secret, ticket("waiting"))
    await house.key.own("DeleteEventConnection", ConnectionId=connection)
    assert (await house.webhook(connection, secret, ticket("2"))).status == 404
    await house.work()
    assert len(house.tasks()) == 2
    assert (await shown())["Status"] == "DELETED" and (await shown())["DeletedAt"]
    assert (await house.events(connection))[0]["Reason"] == "The connection was removed"
    again, _ = await house.connect()
    statuses = [one["Status"] for one in (await house.key.own("ListEventConnections"))["Connections"]]
    assert again != connection and statuses == ["PENDING", "DELETED"]


async def test_connections_of_the_api_are_used(house: House) -> None:
    """An association that CreateIntegrationAssociation made can be reused; with a use case it only lacks a secret."""
    arn = "arn:aws:app-integrations:us-east-1:123456789012:event-integration/zendesk"
    given = {"IntegrationType": "EVENT", "SourceApplicationUrl": "https://b.zendesk.com", "SourceType": "ZENDESK"}
    made = await house.key("CreateIntegrationAssociation", IntegrationArn=arn, SourceApplicationName="B", **given)
    listed = await house.key.own("ListEventConnections")
    assert not listed["Connections"] and [one["Name"] for one in listed["Reusable"]] == ["B"]
    identifier = made["IntegrationAssociationId"]
    with pytest.raises(ServiceError, match="no connection to SALESFORCE"):
        await house.connect("SALESFORCE", ConnectionId=identifier)
    connection, secret = await house.connect(ConnectionId=identifier)
    assert connection == identifier and (await house.webhook(connection, secret, ticket("1"))).status == 202
    await house.work()
    (case,) = (await house.key("ListUseCases", IntegrationAssociationId=identifier))["UseCaseSummaryList"]
    twice = {"IntegrationAssociationId": identifier, "UseCaseType": "RULES_EVALUATION"}
    assert await house.key.refusal("CreateUseCase", **twice) == "DuplicateResourceException"
    await house.key("DeleteUseCase", IntegrationAssociationId=identifier, UseCaseId=case["UseCaseId"])
    await house.webhook(connection, secret, ticket("2"))
    await house.work()
    assert "no use case" in (await house.events(connection))[0]["Reason"]
    await house.key("DeleteIntegrationAssociation", IntegrationAssociationId=identifier)
    assert (await house.key.own("ListEventConnections"))["Connections"][0]["Status"] == "DELETED"
    other = await house.key("CreateIntegrationAssociation", IntegrationArn=arn, SourceApplicationName="B", **given)
    bare = other["IntegrationAssociationId"]
    await house.key("CreateUseCase", IntegrationAssociationId=bare, UseCaseType="RULES_EVALUATION")
    shown = (await house.key.own("ListEventConnections"))["Connections"][0]
    assert (shown["ConnectionId"], shown["HasSecret"]) == (bare, False)
    fresh = (await house.key.own("RotateEventSecret", ConnectionId=bare))["Secret"]
    assert (await house.webhook(bare, fresh, ticket("1"))).status == 202


async def test_a_connection_that_makes_no_sense_is_refused(house: House) -> None:
    """Addresses that links must not begin with, names rules cannot show, secrets anybody guesses."""
    for wrong in (
        {"Url": "ftp://acme.zendesk.com"},
        {"Url": "http://acme.zendesk.com"},
        {"Url": "https://user@acme.zendesk.com"},
        {"Url": "https://acme.zendesk.com?x=1"},
        {"Url": "javascript:alert(1)"},
        {"Url": ""},
        {"Name": "with/slash"},
        {"Name": ""},
        {"ConnectionId": "nothing"},
        {"Secret": "short"},
    ):
        with pytest.raises(ServiceError):
            await house.connect(**wrong)
    assert not (await house.key.own("ListEventConnections"))["Connections"]


async def test_an_instance_has_ten_connections(house: House) -> None:
    """The limit of event integrations; the same address is connected once."""
    for number in range(10):
        await house.connect(Url=f"https://c{number}.zendesk.com", Name=f"C {number}")
    with pytest.raises(ServiceError, match="at most 10"):
        await house.connect(Url="https://one-more.zendesk.com")
    with pytest.raises(ServiceError, match="already associated"):
        await house.connect(Url="https://c1.zendesk.com/")
