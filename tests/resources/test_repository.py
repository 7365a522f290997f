"""Documents: transactions, references, versions, history, and the same catalogue on every node."""

import asyncio
from pathlib import Path

import pytest

from switchroom.base.errors import ServiceError
from switchroom.resources.document import Deleted, Document
from switchroom.storage.documents import Actor, HistoryFilter
from tests.resources.conftest import Node, close_node, open_node

JANE = Actor("person", "u-1", "jane")


def _hours(name: str = "Office") -> dict[str, object]:
    return {"TimeZone": "UTC", "Config": []}


async def test_own_write_is_visible_at_once(node: Node, instance: Document) -> None:
    hours = await node.repository.create("hours-of-operation", instance.id, "Office", _hours(), actor=JANE)
    assert node.catalogue.get(instance.id, "hours-of-operation", hours.id) == hours
    assert node.catalogue.by_name(instance.id, "hours-of-operation", "Office") == hours
    assert node.catalogue.by_arn(hours.arn) == hours
    assert hours.version == 1 and hours.modified_by == "jane"


async def test_names_are_unique(node: Node, instance: Document) -> None:
    await node.repository.create("hours-of-operation", instance.id, "Office", _hours())
    with pytest.raises(ServiceError) as refused:
        await node.repository.create("hours-of-operation", instance.id, "Office", _hours())
    assert refused.value.code == "DuplicateResourceException"
    await node.repository.create("hours-of-operation", instance.id, "office", _hours())


async def test_database_refuses_duplicates_that_two_nodes_write(
    node: Node, instance: Document, database_url: str, tmp_path: Path
) -> None:
    other = await open_node(database_url, tmp_path)
    results = await asyncio.gather(
        *(
            one.repository.create("hours-of-operation", instance.id, "Both", _hours())
            for one in (node, other)
            for _ in range(5)
        ),
        return_exceptions=True,
    )
    written = [result for result in results if isinstance(result, Document)]
    refused = [result for result in results if isinstance(result, ServiceError)]
    assert len(written) == 1 and len(refused) == 9
    assert {error.code for error in refused} == {"DuplicateResourceException"}
    await close_node(other)


async def test_deletion_is_refused_while_in_use(node: Node, instance: Document) -> None:
    hours = node.catalogue.by_name(instance.id, "hours-of-operation", "Basic Hours")
    queue = node.catalogue.by_name(instance.id, "queue", "BasicQueue", {})
    assert hours and queue
    with pytest.raises(ServiceError) as refused:
        await node.repository.delete(instance.id, "queue", queue.id)
    assert refused.value.code == "ResourceInUseException"
    assert refused.value.fields["ResourceId"] == queue.arn
    with pytest.raises(ServiceError) as refused:
        await node.repository.delete(instance.id, "hours-of-operation", hours.id)
    assert refused.value.code == "InvalidRequestException"


async def test_unknown_reference_is_refused(node: Node, instance: Document) -> None:
    body = {"HoursOfOperationId": "nothing", "Status": "ENABLED", "QueueType": "STANDARD"}
    with pytest.raises(ServiceError) as refused:
        await node.repository.create("queue", instance.id, "Q", body)
    assert refused.value.code == "ResourceNotFoundException"


async def test_use_and_deletion_at_the_same_moment(
    node: Node, instance: Document, database_url: str, tmp_path: Path
) -> None:
    """One node deletes hours while another starts to use them: one of the two is refused."""
    other = await open_node(database_url, tmp_path)
    for attempt in range(5):
        hours = await node.repository.create("hours-of-operation", instance.id, f"Race {attempt}", _hours())
        while other.catalogue.find(instance.id, "hours-of-operation", hours.id) is None:
            await asyncio.sleep(0.01)
        body = {"HoursOfOperationId": hours.id, "Status": "ENABLED", "QueueType": "STANDARD"}
        outcomes = await asyncio.gather(
            node.repository.delete(instance.id, "hours-of-operation", hours.id),
            other.repository.create("queue", instance.id, f"Race {attempt}", body),
            return_exceptions=True,
        )
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert len(failed) == 1 and isinstance(failed[0], ServiceError)
    await close_node(other)


async def test_refused_transaction_leaves_nothing(node: Node, instance: Document) -> None:
    with pytest.raises(RuntimeError):
        async with node.repository.write(instance.id, JANE) as write:
            await write.create("hours-of-operation", instance.id, "Gone", _hours())
            raise RuntimeError
    assert node.catalogue.by_name(instance.id, "hours-of-operation", "Gone") is None
    changes = await node.repository.history(HistoryFilter(instance=instance.id, actor="jane"))
    assert changes == []


async def test_versions_are_optimistic(node: Node, instance: Document) -> None:
    hours = await node.repository.create("hours-of-operation", instance.id, "Office", _hours())
    changed = await node.repository.update(
        instance.id, "hours-of-operation", hours.id, lambda one: {**one.body, "TimeZone": "Asia/Tokyo"}, expected=1
    )
    assert changed.version == 2
    with pytest.raises(ServiceError) as refused:
        await node.repository.update(
            instance.id, "hours-of-operation", hours.id, lambda one: {**one.body, "TimeZone": "UTC"}, expected=1
        )
    assert refused.value.code == "ConditionalOperationFailedException"


async def test_history_says_who_when_before_after(node: Node, instance: Document) -> None:
    hours = await node.repository.create("hours-of-operation", instance.id, "Office", _hours(), actor=JANE)
    await node.repository.update(
        instance.id, "hours-of-operation", hours.id, lambda one: {**one.body, "TimeZone": "Asia/Tokyo"}, actor=JANE
    )
    await node.repository.tag(hours, {"team": "a"}, actor=JANE)
    await node.repository.delete(instance.id, "hours-of-operation", hours.id, actor=JANE)
    changes = await node.repository.history(HistoryFilter(instance=instance.id, id=hours.id))
    assert [change.action for change in changes] == ["DELETE", "UPDATE", "UPDATE", "CREATE"]
    assert {(change.actor, change.actor_id, change.actor_kind) for change in changes} == {("jane", "u-1", "person")}
    _, tagged, moved, made = changes
    assert made.before is None and made.after and made.after["Name"] == "Office"
    assert moved.before and moved.after
    assert (moved.before["TimeZone"], moved.after["TimeZone"]) == ("UTC", "Asia/Tokyo")
    assert tagged.after and tagged.after["Tags"] == {"team": "a"}
    assert changes[0].after is None and moved.at >= hours.created_at
    later = await node.repository.history(HistoryFilter(instance=instance.id, id=hours.id, since=changes[0].at + 1))
    assert later == []
    page = await node.repository.history(
        HistoryFilter(instance=instance.id, id=hours.id, before_seq=changes[1].seq, limit=1)
    )
    assert page == [moved]


async def test_changes_reach_other_nodes_in_order(
    node: Node, instance: Document, database_url: str, tmp_path: Path
) -> None:
    other = await open_node(database_url, tmp_path)
    seen: list[Document | Deleted] = []
    other.catalogue.on_change(seen.append)
    hours = await node.repository.create("hours-of-operation", instance.id, "Office", _hours())
    await node.repository.delete(instance.id, "hours-of-operation", hours.id)
    queue = node.catalogue.by_name(instance.id, "queue", "BasicQueue", {})
    assert queue
    await node.repository.update(instance.id, "queue", queue.id, lambda one: {**one.body, "MaxContacts": 7})
    async with asyncio.timeout(5):
        while other.catalogue.get(instance.id, "queue", queue.id).body.get("MaxContacts") != 7:
            await asyncio.sleep(0.01)
    assert other.catalogue.find(instance.id, "hours-of-operation", hours.id) is None
    assert other.catalogue.everything(instance.id) and len(other.catalogue.everything(instance.id)) == len(
        node.catalogue.everything(instance.id)
    )
    await close_node(other)


async def test_notices_resume_after_the_connection_was_lost(
    node: Node, instance: Document, database_url: str, tmp_path: Path
) -> None:
    other = await open_node(database_url, tmp_path)
    async with node.database.pool.acquire() as connection:
        await connection.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"""
        )
    hours = await node.repository.create("hours-of-operation", instance.id, "After", _hours())
    async with asyncio.timeout(10):
        while other.catalogue.find(instance.id, "hours-of-operation", hours.id) is None:
            await asyncio.sleep(0.02)
    await close_node(other)


async def test_detached_references_are_dropped(node: Node, instance: Document) -> None:
    queue = node.catalogue.by_name(instance.id, "queue", "BasicQueue", {})
    assert queue
    config = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+15550101"}}
    connect = await node.repository.create("quick-connect", instance.id, "Desk", {"QuickConnectConfig": config})
    await node.repository.update(
        instance.id, "queue", queue.id, lambda one: {**one.body, "QuickConnectIds": [connect.id]}
    )
    assert [user.id for user in node.catalogue.where_used(connect)] == [queue.id]
    await node.repository.delete(instance.id, "quick-connect", connect.id)
    assert node.catalogue.get(instance.id, "queue", queue.id).body["QuickConnectIds"] == []


async def test_quota(node: Node, instance: Document) -> None:
    """BASE-32, BASE-33: the instance's own value is in force at once."""
    await node.repository.update(
        instance.id, "instance", instance.id, lambda one: {**one.body, "Quotas": {"HOURS_OF_OPERATION": 2}}
    )
    await node.repository.create("hours-of-operation", instance.id, "Second", _hours())
    with pytest.raises(ServiceError) as refused:
        await node.repository.create("hours-of-operation", instance.id, "Third", _hours())
    assert refused.value.code == "LimitExceededException"


async def test_tags_have_limits(node: Node, instance: Document) -> None:
    """USER-55."""
    hours = await node.repository.create("hours-of-operation", instance.id, "Office", _hours())
    await node.repository.tag(hours, {str(number): "" for number in range(50)})
    for tags in ({"fifty-first": ""}, {"aws:x": "1"}, {"k" * 129: ""}, {"0": "v" * 257}):
        with pytest.raises(ServiceError) as refused:
            await node.repository.tag(hours, tags)
        assert refused.value.code == "InvalidParameterException"
    untagged = await node.repository.untag(hours, ["0", "1"])
    assert len(untagged.tags) == 48
