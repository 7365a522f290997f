"""Flow logs in PostgreSQL."""

import re

import msgspec

from switchroom.storage.flow_logs import FlowLogs, LoggedBlock
from switchroom.storage.postgres import Database
from tests.flows.build import END, Drive, action, text


def rows(drive: Drive) -> list[LoggedBlock]:
    """What the centre would keep of a drive."""
    return [
        LoggedBlock(
            contact=entry["ContactId"],
            flow=entry["ContactFlowId"].rsplit("/", 1)[-1],
            version=1,
            purpose="main",
            action=entry["Identifier"],
            outcome="next",
            at=drive.world.clock,
            entry=msgspec.json.encode(entry).decode(),
        )
        for entry in drive.world.logs
    ]


def logged(contact: str, second: int) -> Drive:
    drive = Drive(
        text("hello", "Hello", "go"),
        action("go", "TransferToFlow", {"ContactFlowId": "other"}, None, {"NoMatchingError": "end"}),
        END,
        id=contact,
    )
    drive.flow("other", text("there", "Second flow", "bye"), {**END, "Identifier": "bye"})
    drive.world.clock = 1_700_000_000_000 + second * 1_000
    return drive.go()


async def test_entries_of_a_contact(database: Database) -> None:
    """FLOW-134, FLOW-136: the entries of all flows of a contact, in order, by contact id across streams."""
    first, second = FlowLogs(database), FlowLogs(database)
    drives = [logged("c1", 0), logged("c2", 1)]
    await first.append("i1", rows(drives[0])[:2])
    await first.append("i1", rows(drives[1]))
    await second.append("i1", rows(drives[0])[2:])
    await second.append("i2", rows(logged("c1", 0)))
    found = await first.of_contact("i1", "c1")
    assert [re.search(r'"Identifier":"(\w+)"', e.entry).group(1) for e in found] == ["hello", "go", "there", "bye"]  # type: ignore[union-attr]
    assert found[0].entry.startswith('{"ContactId":"c1","ContactFlowId":"arn:aws:connect:')
    assert len({e.stream for e in found}) == 2
    assert all(re.fullmatch(r"2023/11/14/22/stream-[\w+_]+==", e.stream) for e in found)
    assert [e.seq for e in await first.of_contact("i1", "c1", after=found[1].seq)] == [e.seq for e in found[2:]]
    assert FlowLogs.group("demo") == "/aws/connect/demo"


async def test_search_by_time_and_text(database: Database) -> None:
    """FLOW-136: a text is found over the whole group; old entries can be forgotten."""
    logs = FlowLogs(database)
    for contact, second in (("a", 0), ("b", 60)):
        await logs.append("i1", rows(logged(contact, second)))
    start = 1_700_000_000_000
    assert len(await logs.between("i1", start, start + 1)) == 4
    hits = await logs.between("i1", start, start + 120_000, containing="Second flow")
    assert [e.at for e in hits] == [start, start + 60_000]
    assert await logs.forget("i1", start + 1_000) == 4
    assert await logs.of_contact("i1", "a") == []


async def test_journeys_are_kept_without_a_log(database: Database) -> None:
    """FLOW-134: blocks without an entry are part of the journey, not of the log; the oldest rows go first."""
    logs = FlowLogs(database)
    drive = logged("quiet", 0)
    first, *others = rows(drive)
    await logs.append("i3", [first, *(msgspec.structs.replace(block, entry=None) for block in others)])
    assert [block.action for block in await logs.journey("i3", "quiet")] == ["hello", "go", "there", "bye"]
    assert len(await logs.of_contact("i3", "quiet")) == 1
    known = await logs.journey("i3", "quiet", limit=2)
    assert [block.action for block in await logs.journey("i3", "quiet", after=known[-1].seq)] == ["there", "bye"]
    assert await logs.forget_oldest(first.at, 1_000) == 0
    while await logs.forget_oldest(first.at + 1, 3):
        pass
    assert await logs.journey("i3", "quiet") == []
