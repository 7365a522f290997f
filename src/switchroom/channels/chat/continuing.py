"""The past chats that chats continue (chat.md section 7): which contact it is, for the API and for flows."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.errors import ServiceError, invalid_request, not_found
from switchroom.centre.centres import Centres
from switchroom.centre.flowing import FindPastChat
from switchroom.core.commands import SignalFlow
from switchroom.storage import contacts
from switchroom.storage.contacts import ContactRow
from switchroom.storage.postgres import Database


async def source(database: Database, instance: str, persistent: Mapping[str, Any]) -> ContactRow:
    """The contact that a new chat continues from, by `RehydrationType` and `SourceContactId` (CHAT-107).

    Raises ResourceNotFoundException, or InvalidRequestException when it is no chat that is over.
    """
    if not persistent.get("RehydrationType") or not persistent.get("SourceContactId"):
        raise invalid_request("RehydrationType and SourceContactId are needed")
    row = await contacts.get(database, instance, persistent["SourceContactId"])
    if row is None:
        raise not_found("Contact", persistent["SourceContactId"])
    chain = await contacts.chain(database, instance, row.initial_id)
    if row.channel != "CHAT" or any(segment.disconnected_at is None for segment in chain):
        raise invalid_request(f"Contact {row.id} is not a chat that has ended")
    if persistent["RehydrationType"] == "FROM_SEGMENT":
        return row
    if row.id != row.initial_id:
        raise invalid_request("ENTIRE_PAST_SESSION takes the first contact of the past chat")
    return max(chain, key=lambda segment: (segment.disconnected_at or 0, segment.initiated_at))


class PastChats:
    """Performs `FindPastChat`."""

    def __init__(self, database: Database, centres: Centres) -> None:
        self._database = database
        self._centres = centres

    async def perform(self, effect: FindPastChat) -> None:
        """Look, and tell the flow what was found (BLK-048)."""
        wanted = {"RehydrationType": effect.wanted.rehydration, "SourceContactId": effect.wanted.source}
        try:
            row = await source(self._database, effect.instance, wanted)
        except ServiceError as refusal:
            signal = SignalFlow(key=effect.key, id=effect.id, kind="failed", value=refusal.message)
        else:
            signal = SignalFlow(key=effect.key, id=effect.id, kind="done", value=row.id)
        await self._centres.submit(effect.instance, signal)
