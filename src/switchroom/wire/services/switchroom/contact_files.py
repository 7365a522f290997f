"""Files shared in a chat, for the contact page long after the chat has ended."""

from typing import Any

import msgspec

from switchroom.base.clock import DAY, SECOND, iso_s, seconds
from switchroom.base.errors import access_denied, not_found
from switchroom.channels.chat.attachments import PREFIX
from switchroom.storage.objects import ObjectStore
from switchroom.storage.transcripts import ItemRow, history
from switchroom.views.transcripts import VISIBLE
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.contact_access import SEEING, check
from switchroom.wire.services.connect.contact_common import contact_of, record
from switchroom.wire.services.connect.contact_media import may_read

URL_SECONDS = 300
_PAGE = 1_000


@operation("switchroom", "GetContactAttachment", permission=(*SEEING, "BasicAgentAccess"))
async def get_contact_attachment(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A URL from which a file of the chat can be read for a short time (CHAT-110)."""
    instance, contact = contact_of(call, request)
    row = await record(call, instance, contact)
    check(call, row)
    if not may_read(call.caller, row):
        raise access_denied("Your security profile does not allow this with conversations of others")
    wanted = request["AttachmentId"]
    found = await _shared(call, instance, row.initial_id, contact, wanted)
    if found is None:
        raise not_found("Attachment", wanted)
    at, attachment = found
    alias = call.services.catalogue.get(instance, "instance", instance).name
    key = await _key(call.services.objects, alias, wanted, at)
    if key is None:
        raise not_found("The file of attachment", wanted)
    url = await call.services.objects.presign_get(
        key,
        URL_SECONDS,
        origin=call.origin,
        content_type=attachment["ContentType"],
        filename=attachment["AttachmentName"],
    )
    return {"Url": url, "UrlExpiry": seconds(call.now + URL_SECONDS * SECOND)}


async def _shared(
    call: Call, instance: str, session: str, contact: str, attachment: str
) -> tuple[int, dict[str, str]] | None:
    """When a file was shared, and how the transcript names it."""
    after = 0
    while rows := await _items(call, instance, session, contact, after):
        for row in rows:
            for one in msgspec.json.decode(row.item).get("attachments", ()):
                if one["AttachmentId"] == attachment:
                    return row.at, one
        after = rows[-1].at
    return None


async def _items(call: Call, instance: str, session: str, contact: str, after: int) -> list[ItemRow]:
    return await history(
        call.services.database, instance, session, contact, visible=VISIBLE["SYSTEM"], after=after, limit=_PAGE
    )


async def _key(objects: ObjectStore, alias: str, attachment: str, at: int) -> str | None:
    """Files lie under the day their upload began, which may be the day before they were shared."""
    for day in (at, at - DAY):
        folder = f"{PREFIX.format(alias=alias)}/chat/{iso_s(day)[:10].replace('-', '/')}"
        async for key, _ in objects.list(folder):
            if key.rpartition("/")[2].startswith(attachment):
                return key
    return None
