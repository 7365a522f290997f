"""What is looked after beside the commits: agents whose configuration is edited, records that are too old."""

from typing import Any

import msgspec
from msgspec.structs import replace

from switchroom.base.ids import new_id
from switchroom.centre.configuration import read as read_configuration
from switchroom.core import commands as c
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import contacts, outbox
from switchroom.storage.postgres import Database
from switchroom.views.streams import Streams
from switchroom.views.workers import Reconfigured, Retention
from tests.centre.conftest import document
from tests.core.stage import SITE, START
from tests.views.recorder import Recorder, project
from tests.views.test_projections import projections, stage, talk


async def test_an_edited_agent_is_told(database: Database) -> None:
    """REC-53: a change of the routing profile is a STATE_CHANGE, told once; other edits are not."""
    instance, catalogue = new_id(), Catalogue()
    media = [{"Channel": channel, "Concurrency": 2} for channel in ("CHAT", "TASK")]
    documents: list[tuple[str, str, dict[str, Any]]] = [
        ("instance", instance, {"Attributes": {}}),
        ("agent-status", "offline", {"Type": "OFFLINE", "State": "ENABLED"}),
        ("routing-profile", "P", {"MediaConcurrencies": media, "QueueConfigs": []}),
        ("user", "a1", {"RoutingProfileId": "P", "PhoneConfig": {}, "IdentityInfo": {"FirstName": "Ann"}}),
    ]
    for kind, identifier, body in documents:
        catalogue.apply(document(instance, kind, identifier, identifier, body))
    config = read_configuration(catalogue, instance, SITE)
    played = Recorder(config)
    played.do(c.LogIn(agent="a1"))
    await project(database, [Streams()], played.batches)
    await database.pool.execute("DELETE FROM outbox")
    worker = Reconfigured(SITE, database, catalogue, lambda: played.now + 1_000)

    async def told() -> list[dict[str, Any]]:
        worker.edited(instance)
        await worker.work()
        async with database.pool.acquire() as connection:
            rows = await outbox.owed(connection, 10)
            await outbox.paid(connection, [row for row, _ in rows])
        return [msgspec.json.decode(owed.payload) for _, messages in rows for owed in messages]

    assert await told() == []
    edited = {"MediaConcurrencies": [{"Channel": "CHAT", "Concurrency": 5}], "QueueConfigs": []}
    catalogue.apply(replace(document(instance, "routing-profile", "P", "P", edited), revision=2))
    (event,) = await told()
    assert event["EventType"] == "STATE_CHANGE"
    before, after = event["PreviousAgentSnapshot"]["Configuration"], event["CurrentAgentSnapshot"]["Configuration"]
    assert [c["MaximumSlots"] for c in before["RoutingProfile"]["Concurrency"]] == [2, 2]
    assert [c["MaximumSlots"] for c in after["RoutingProfile"]["Concurrency"]] == [5]
    assert await told() == []


async def test_records_are_kept_for_24_months(database: Database) -> None:
    """REC-29."""
    played = stage()
    contact, _ = talk(played)
    await project(database, projections(database), played.batches)
    day = 86_400_000
    now = [0]
    retention = Retention(database, lambda: now[0])
    for days, kept in ((730, True), (731, False)):
        now[0] = START + days * day
        await retention.work()
        assert (await contacts.get(database, played.config.instance, contact) is not None) == kept
    for table in ("transcripts", "transcript_receipts"):
        assert await database.pool.fetchval(f"SELECT count(*) FROM {table}") == 0
