"""A centre on a real database: durable before acknowledged, the same state after a restart, one writer."""

import asyncio
from typing import Any

import msgspec
import pytest

from switchroom.base.errors import ServiceError
from switchroom.centre.batch import Batch
from switchroom.centre.centre import Centre
from switchroom.core import commands as c
from switchroom.core.turn import HANDLERS, TIMERS, Turn
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import journal
from switchroom.storage.postgres import Database
from tests.centre.conftest import SITE


def make(instance: str, database: Database, catalogue: Catalogue, **options: Any) -> Centre:
    return Centre(instance, site=SITE, database=database, catalogue=catalogue, **options)


async def start_chat(centre: Centre) -> tuple[str, str]:
    answer = await centre.submit(c.StartChat(flow="queue", customer_name="Jane"))
    await centre.submit(c.ConnectParticipant(session=answer["contact"], participant=answer["participant"]))
    return answer["contact"], answer["participant"]


def plain(centre: Centre) -> Any:
    return msgspec.to_builtins(centre.decider.state)


async def test_what_was_answered_is_there_after_a_crash(
    instance: str, database: Database, catalogue: Catalogue
) -> None:
    first = make(instance, database, catalogue)
    await first.open()
    await first.submit(c.SetStatus(agent="a1", status="available"))
    contact, participant = await start_chat(first)
    said = [
        first.submit(c.SendMessage(session=contact, participant=participant, content_type="text/plain", content=f"{n}"))
        for n in range(50)
    ]
    answers = await asyncio.gather(*said)
    assert [a["at"] for a in answers] == sorted({a["at"] for a in answers}), "times rise strictly"
    before = plain(first)
    second = make(instance, database, catalogue)  # the first was never closed: as after kill -9
    await second.open()
    assert plain(second) == before
    assert second.decider.state.contacts[contact].offered_to == "a1"
    await second.submit(c.AcceptContact(agent="a1", contact=contact))
    await second.close()


async def test_commands_that_wait_together_share_a_commit(
    instance: str, database: Database, catalogue: Catalogue
) -> None:
    batches: list[Batch] = []
    centre = make(instance, database, catalogue, listeners=[batches.append])
    await centre.open()
    await asyncio.gather(*(centre.submit(c.StartTask(name=f"{n}", flow="queue")) for n in range(40)))
    assert len(batches) < 10 and len(centre.decider.state.contacts) == 40
    sequence = [seq for batch in batches for seq, _ in batch.events]
    assert sequence == list(range(1, len(sequence) + 1))
    await centre.close()


async def test_a_second_writer_ends_the_first(instance: str, database: Database, catalogue: Catalogue) -> None:
    first, second = make(instance, database, catalogue), make(instance, database, catalogue)
    await first.open()
    await second.open()
    await second.submit(c.StartTask(name="T", flow="queue"))
    with pytest.raises(ServiceError):
        await asyncio.wait_for(first.submit(c.StartTask(name="U", flow="queue")), 5)
    assert first.lost.is_set()
    assert await journal.last(database, instance) == second._seq
    await first.close()
    await second.close()


async def test_a_snapshot_and_the_tail_after_it(instance: str, database: Database, catalogue: Catalogue) -> None:
    first = make(instance, database, catalogue)
    await first.open()
    await start_chat(first)
    await first.close()
    second = make(instance, database, catalogue)
    await second.open()
    await start_chat(second)
    third = make(instance, database, catalogue)
    await third.open()
    assert third._snapshot_seq > 0 and plain(third) == plain(second)
    assert len(third.decider.state.chats) == 2


class Explode(c.Command):
    """Breaks after it has begun."""


async def test_a_broken_decision_breaks_nothing_else(
    instance: str, database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(turn: Turn, command: Explode) -> None:
        turn.state.contacts.clear()
        raise RuntimeError("a bug")

    monkeypatch.setitem(HANDLERS, Explode, explode)
    monkeypatch.setitem(TIMERS, "explode", lambda turn, words: 1 / 0)
    centre = make(instance, database, catalogue)
    await centre.open()
    contact, _ = await start_chat(centre)
    results = await asyncio.gather(
        centre.submit(c.StartTask(name="before", flow="queue")),
        centre.submit(Explode()),
        centre.submit(c.StartTask(name="after", flow="queue")),
        return_exceptions=True,
    )
    assert isinstance(results[1], ServiceError) and results[1].code == "InternalServiceException"
    state = centre.decider.state
    assert {found.name for found in state.contacts.values()} == {None, "before", "after"} and contact in state.contacts
    centre.decider.fold.arm("explode now", 0)
    await centre.submit(c.StartTask(name="third", flow="queue"))
    assert len(centre.decider.state.contacts) == 4
    await centre.close()
