"""Chat items in the JSON of the participant service (chat.md, Socket protocol and GetTranscript)."""

from typing import Any

import msgspec

from switchroom.base.clock import iso_ms
from switchroom.core.chat import Item


def document(item: Item) -> dict[str, Any]:
    """An item with the member names of the API; members without a value are left out."""
    shown: dict[str, Any] = {
        "AbsoluteTime": iso_ms(item.at),
        "Content": item.content,
        "ContentType": item.content_type,
        "Id": item.id,
        "Type": item.type,
        "ParticipantId": item.participant,
        "DisplayName": item.name,
        "ParticipantRole": item.role,
        "InitialContactId": item.session,
        "ContactId": item.contact,
        "Attachments": item.attachments or None,
        "MessageMetadata": item.metadata,
    }
    return {name: value for name, value in shown.items() if value is not None}


def push(item: Item) -> bytes:
    """What a chat socket sends for an item: the item is a JSON string within the JSON."""
    content = msgspec.json.encode(document(item)).decode()
    return msgspec.json.encode({"topic": "aws/chat", "contentType": "application/json", "content": content})
