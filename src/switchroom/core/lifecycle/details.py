"""A contact's data: attributes, name, description, references, tags."""

import re

from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.core import events as e
from switchroom.core.commands import ReviseRecord, SetAttributes, TagContact, UntagContact, UpdateContact
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.starting import check_size
from switchroom.core.turn import Turn, handles

MAX_USER_TAGS = 6
MOST_TASK_NAME = 512
_TAG = re.compile(r"[\w\s.:/=+\-@!]*")


@handles(SetAttributes)
def set_attributes(turn: Turn, command: SetAttributes) -> None:
    """FLOW-139, FLOW-141: for the whole chain; an empty value removes the attribute."""
    change_attributes(turn, member_of_chain(turn, command.contact), command.attributes)


def change_attributes(turn: Turn, contact: Contact, attributes: dict[str, str]) -> None:
    """Set attributes, all or none."""
    check_attributes(turn.attributes(contact), attributes)
    turn.emit(e.AttributesSet(at=turn.now, contact=contact.id, chain=contact.initial_id, attributes=attributes))


def check_attributes(present: dict[str, str], changes: dict[str, str]) -> None:
    """Raises InvalidRequestException for keys that are not allowed, or when all together are too large."""
    for key in changes:
        if not key or "$" in key or "." in key:
            raise invalid_request(f"Attribute key {key!r} must not be empty nor hold '$' or '.'")
    check_size({**present, **changes})


@handles(ReviseRecord)
def revise_record(turn: Turn, command: ReviseRecord) -> None:
    """REC-28, BASE-222: the contact is over, so only its record changes."""
    turn.emit(e.RecordRevised(at=turn.now, contact=command.contact, attributes=command.attributes, tags=command.tags))


def member_of_chain(turn: Turn, identifier: str) -> Contact:
    """An unfinished contact by its id, or one whose chain began with that id. Raises ResourceNotFoundException."""
    found = turn.state.contacts.get(identifier)
    chat = turn.state.chats.get(identifier)
    if found is None and chat is not None:
        found = turn.state.contacts.get(chat.contact)
    if found is None and identifier in turn.indexes.chains:
        found = next((c for c in turn.state.contacts.values() if c.initial_id == identifier), None)
    return found or turn.contact(identifier)


@handles(UpdateContact)
def update_contact(turn: Turn, command: UpdateContact) -> None:
    """UpdateContact: only what is given changes. Raises InvalidParameterException for too long a name of a task."""
    contact = turn.contact(command.contact)
    if contact.channel == "TASK" and command.name is not None and len(command.name) > MOST_TASK_NAME:
        raise invalid_parameter(f"Name may have at most {MOST_TASK_NAME} characters")
    turn.emit(
        e.DetailsChanged(
            at=turn.now,
            contact=contact.id,
            name=command.name,
            description=command.description,
            references=command.references,
            segment_attributes=command.segment_attributes,
            customer_id=command.customer_id,
        )
    )


@handles(TagContact)
def tag_contact(turn: Turn, command: TagContact) -> None:
    """BASE-220."""
    add_tags(turn, turn.contact(command.contact), command.tags)


@handles(UntagContact)
def untag_contact(turn: Turn, command: UntagContact) -> None:
    """Removes what is there; other keys are no error."""
    contact = turn.contact(command.contact)
    remove_tags(turn, contact, command.keys)


def add_tags(turn: Turn, contact: Contact, tags: dict[str, str]) -> None:
    """Add tags, all or none: six user tags at most."""
    merged = merge_tags(contact.tags, tags)
    turn.emit(e.TagsSet(at=turn.now, contact=contact.id, tags=merged))


def merge_tags(present: dict[str, str], added: dict[str, str]) -> dict[str, str]:
    """The tags after adding some. Raises InvalidRequestException."""
    for key, value in added.items():
        if key.lower().startswith("aws:"):
            raise invalid_request(f"Tag key {key} is reserved")
        if not 1 <= len(key) <= 128 or len(value) > 256 or not _TAG.fullmatch(key) or not _TAG.fullmatch(value):
            raise invalid_request(f"Tag {key!r} is too long or holds characters that are not allowed")
    merged = {**present, **added}
    if sum(not key.startswith("aws:") for key in merged) > MAX_USER_TAGS:
        raise invalid_request(f"A contact may have at most {MAX_USER_TAGS} tags")
    return merged


def remove_tags(turn: Turn, contact: Contact, keys: list[str]) -> None:
    """Remove user tags."""
    if any(key.lower().startswith("aws:") for key in keys):
        raise invalid_request("Tags of the system cannot be removed")
    kept = {key: value for key, value in contact.tags.items() if key not in keys}
    turn.emit(e.TagsSet(at=turn.now, contact=contact.id, tags=kept))
