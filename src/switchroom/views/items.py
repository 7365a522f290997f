"""Stored chat items as GetTranscript and transcript files give them (chat.md, data model)."""

from typing import Any

import msgspec

from switchroom.base.clock import iso_ms
from switchroom.channels.chat.items import document
from switchroom.core.chat import Item
from switchroom.storage.transcripts import Receipt

_decoder = msgspec.json.Decoder(Item)


def read_item(stored: bytes) -> Item:
    """An item as it was stored."""
    return _decoder.decode(stored)


def item_form(item: Item, receipts: list[Receipt] | None = None) -> dict[str, Any]:
    """The `Item` of GetTranscript; receipts make its `MessageMetadata` (CHAT-95)."""
    form = document(item)
    del form["InitialContactId"]
    if receipts:
        form["MessageMetadata"] = {"MessageId": item.id, "Receipts": [receipt_form(receipt) for receipt in receipts]}
    return form


def receipt_form(receipt: Receipt) -> dict[str, Any]:
    """One receipt."""
    form = {
        "DeliveredTimestamp": iso_ms(receipt.delivered_at),
        "RecipientParticipantId": receipt.participant,
    }
    if receipt.read_at is not None:
        form["ReadTimestamp"] = iso_ms(receipt.read_at)
    return form
