"""Past chats that a chat continues (chat.md section 7): which contact it continues from, and their transcripts."""

from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.storage import contacts, transcripts
from switchroom.storage.contacts import ContactRow
from switchroom.storage.postgres import Database
from switchroom.views.facts import facts_of
from switchroom.views.transcripts import DEFAULT_RESULTS, VISIBLE, forms

MOST_PAST = 100
"""Past chats that can be read through one another."""


class PastPosition(msgspec.Struct, frozen=True, array_like=True):
    """Where reading goes on in a past session, `depth` chats back: before `at`, or with it when `inclusive`."""

    session: str
    at: int
    inclusive: bool
    depth: int


def scans_backward(request: dict[str, Any]) -> bool:
    """Whether a first request goes back in time, as GetTranscript does unless told otherwise."""
    return (request.get("ScanDirection") or ("FORWARD" if request.get("StartPosition") else "BACKWARD")) == "BACKWARD"


async def before(database: Database, instance: str, session: str, depth: int = 0) -> PastPosition | None:
    """Where the chat goes on that a session continues; None when there is none (CHAT-109)."""
    for row in await contacts.chain(database, instance, session):
        continued = facts_of(Site(), row).contact.continued_from
        if continued is None:
            continue
        past = await contacts.get(database, instance, continued)
        end = await _end_of(database, instance, past)
        if past is None or end is None or depth >= MOST_PAST:
            return None
        return PastPosition(past.initial_id, end, True, depth + 1)
    return None


async def read(
    database: Database, instance: str, position: PastPosition, request: dict[str, Any], role: str
) -> tuple[list[dict[str, Any]], PastPosition | None]:
    """A page of a past chat, newest first unless `SortOrder` is ASCENDING, and where to go on (CHAT-108).

    Past items have `RelatedContactId` where present ones have `ContactId`.
    """
    wanted = request.get("MaxResults")
    limit = DEFAULT_RESULTS if wanted is None else max(int(wanted), 1)
    rows = await transcripts.scan(
        database,
        instance,
        position.session,
        visible=VISIBLE.get(role, ("ALL",)),
        forward=False,
        bound=position.at,
        inclusive=position.inclusive,
        limit=limit + 1,
    )
    more, rows = len(rows) > limit, rows[:limit]
    if more:
        following: PastPosition | None = msgspec.structs.replace(position, at=rows[-1].at, inclusive=False)
    else:
        following = await before(database, instance, position.session, position.depth)
    if request.get("SortOrder") == "ASCENDING":
        rows.reverse()
    items = await forms(database, instance, position.session, rows)
    for item in items:
        item["RelatedContactId"] = item.pop("ContactId")
    return items, following


async def _end_of(database: Database, instance: str, row: ContactRow | None) -> int | None:
    """When the last item of a contact was sent."""
    if row is None:
        return None
    newest = await transcripts.scan(
        database,
        instance,
        row.initial_id,
        visible=VISIBLE["SYSTEM"],
        forward=False,
        bound=None,
        inclusive=False,
        limit=1,
        contact=row.id,
    )
    return newest[0].at if newest else None
