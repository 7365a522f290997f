"""An unfinished contact, as it is in the centre."""

from typing import Any

import msgspec

from switchroom.core.commands import DescribeContact
from switchroom.core.turn import Turn, handles


@handles(DescribeContact)
def describe(turn: Turn, command: DescribeContact) -> dict[str, Any] | None:
    """`{"contact": ..., "attributes": ..., "participants": ...}`; None when it is over or unknown."""
    contact = turn.state.contacts.get(command.contact)
    if contact is None:
        return None
    chat = turn.state.chat_of(contact)
    return {
        "contact": msgspec.to_builtins(contact),
        "attributes": dict(turn.attributes(contact)),
        "participants": [msgspec.to_builtins(p) for p in chat.participants.values()] if chat else [],
    }
