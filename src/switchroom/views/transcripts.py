"""Chat transcripts: kept item by item, read page by page (CHAT-68)."""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from switchroom.base.clock import from_iso
from switchroom.base.errors import invalid_parameter
from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.core.object_keys import dated_key
from switchroom.storage import transcripts
from switchroom.storage.postgres import Database
from switchroom.storage.transcripts import ItemRow
from switchroom.views.items import item_form, read_item

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection

DEFAULT_RESULTS = 10
MAX_RESULTS = 100
VISIBLE: dict[str, tuple[str, ...]] = {
    "CUSTOMER": ("ALL", "CUSTOMER"),
    "AGENT": ("ALL", "AGENT"),
    "SUPERVISOR": ("ALL", "AGENT"),
    "CUSTOM_BOT": ("ALL",),
    "SYSTEM": ("ALL", "AGENT", "CUSTOMER"),
}
"""What a role may read; `SYSTEM` stands for records, which hold everything."""


class Position(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page of a scan goes on: after the item sent at `at`."""

    at: int
    forward: bool
    ascending: bool


class Page(msgspec.Struct, frozen=True):
    """Items in API form, and where to go on; None at the end."""

    items: list[dict[str, Any]]
    next: Position | None


class Transcripts:
    """Stores the items and receipts of a commit, and asks for the files of chats that ended."""

    def __init__(self, *, bucket_key: str = "connect/{alias}/ChatTranscripts") -> None:
        self._prefix = bucket_key

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One statement a table."""
        items: list[ItemRow] = []
        receipts: dict[tuple[str, str, str], tuple[str, str, str, int, int | None]] = {}
        files: list[tuple[str, str, str]] = []
        for _, event in batch.events:
            if isinstance(event, e.ItemSent):
                if event.item.stored:
                    items.append(_row(event))
            elif isinstance(event, e.ReceiptGiven):
                key = (event.session, event.message, event.participant)
                known = receipts.get(key)
                delivered, read = (known[3], known[4]) if known else (event.at, None)
                receipts[key] = (*key, delivered, read if read is not None else event.at if event.read else None)
            elif isinstance(event, e.Disconnected):
                contact = batch.contacts.get(event.contact)
                if contact is not None and contact.channel == "CHAT":
                    files.append((contact.id, contact.initial_id, self._key(batch.config.alias, contact.id, event.at)))
        if items:
            await transcripts.append(connection, batch.instance, items)
        if receipts:
            await transcripts.receive(connection, batch.instance, list(receipts.values()))
        if files:
            await transcripts.want_files(connection, batch.instance, files, batch.events[-1][1].at)

    def _key(self, alias: str, contact: str, at: int) -> str:
        return dated_key(self._prefix.format(alias=alias), contact, at, "json")


def _row(event: e.ItemSent) -> ItemRow:
    item = event.item
    return ItemRow(item.session, item.at, item.id, item.contact, item.visibility, msgspec.json.encode(item))


async def get_transcript(
    database: Database,
    instance: str,
    session: str,
    request: dict[str, Any],
    role: str,
    position: Position | None = None,
) -> Page:
    """A page of a session's transcript as one role sees it.

    `request` has the members of GetTranscript: `ScanDirection` (BACKWARD, with a StartPosition FORWARD), `SortOrder`
    (DESCENDING), `StartPosition` (`Id`, `AbsoluteTime` or `MostRecent`), `MaxResults` (10), `ContactId`. `position` is
    that of the page before, which decides instead of direction, order and start. Raises InvalidParameterException.
    """
    wanted = request.get("MaxResults")
    limit = DEFAULT_RESULTS if wanted is None else min(int(wanted), MAX_RESULTS)
    start = request.get("StartPosition") or {}
    visible = VISIBLE.get(role, ("ALL",))
    bound: int | None
    if position is not None:
        forward, ascending, bound, inclusive = position.forward, position.ascending, position.at, False
    else:
        direction: Literal["FORWARD", "BACKWARD"] = request.get("ScanDirection") or ("FORWARD" if start else "BACKWARD")
        forward, ascending = direction == "FORWARD", request.get("SortOrder") == "ASCENDING"
        bound, inclusive = await _start(database, instance, session, start, visible), True
    if limit == 0:
        return Page([], None)
    rows = await transcripts.scan(
        database,
        instance,
        session,
        visible=visible,
        forward=forward,
        bound=bound,
        inclusive=inclusive,
        limit=limit + 1,
        contact=request.get("ContactId"),
    )
    more, rows = len(rows) > limit, rows[:limit]
    following = Position(rows[-1].at, forward, ascending) if more else None
    if ascending != forward:
        rows.reverse()
    return Page(await forms(database, instance, session, rows), following)


async def forms(database: Database, instance: str, session: str, rows: list[ItemRow]) -> list[dict[str, Any]]:
    """Rows in API form, with the receipts of their messages."""
    items = [read_item(row.item) for row in rows]
    spoken = [item.id for item in items if item.type in ("MESSAGE", "ATTACHMENT")]
    receipts = await transcripts.receipts(database, instance, session, spoken) if spoken else {}
    return [item_form(item, receipts.get(item.id)) for item in items]


async def _start(
    database: Database, instance: str, session: str, start: dict[str, Any], visible: tuple[str, ...]
) -> int | None:
    given = [name for name in ("Id", "AbsoluteTime", "MostRecent") if start.get(name) is not None]
    if not given:
        return None
    if len(given) > 1:
        raise invalid_parameter("StartPosition takes one of Id, AbsoluteTime and MostRecent")
    if "Id" in given:
        found = await transcripts.moment_of(database, instance, session, start["Id"])
        if found is None:
            raise invalid_parameter(f"StartPosition: there is no item {start['Id']} in this chat")
        return found
    if "MostRecent" in given:
        nth = max(int(start["MostRecent"]), 1)
        return await transcripts.moment_of_recent(database, instance, session, visible, nth)
    try:
        return from_iso(start["AbsoluteTime"])
    except ValueError:
        raise invalid_parameter("StartPosition: AbsoluteTime must be an ISO-8601 time") from None
